using StackExchange.Redis;

namespace TicketBooth.Testing.Tests;

public sealed class RedisTests
{
    [Test]
    public async Task Spaces_do_not_see_each_other()
    {
        await using var one = await RedisSpace.NewAsync();
        await using var other = await RedisSpace.NewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(one.ConnectionString);
        await using var elsewhere = await ConnectionMultiplexer.ConnectAsync(other.ConnectionString);
        var heard = 0;
        await elsewhere.GetSubscriber().SubscribeAsync(RedisChannel.Literal("emptied"), (_, _) => Interlocked.Increment(ref heard));

        await redis.GetDatabase().StringSetAsync("event", "full");
        await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("emptied"), "event");
        await elsewhere.GetSubscriber().PublishAsync(RedisChannel.Literal("emptied"), "another");

        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref heard)), count => count > 0, "its own message");
        Assert.That(heard, Is.EqualTo(1));
        Assert.That((string?)await elsewhere.GetDatabase().StringGetAsync("event"), Is.Null);
    }

    [Test]
    public async Task After_an_outage_it_is_empty()
    {
        await using var space = await RedisSpace.NewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(space.ConnectionString + ",syncTimeout=500,asyncTimeout=500,connectTimeout=500");
        await redis.GetDatabase().StringSetAsync("event", "full");

        await using (await TestServers.StopAsync(TestServer.Redis))
        {
            Assert.That(() => redis.GetDatabase().StringGetAsync("event"), Throws.InstanceOf<RedisException>().Or.InstanceOf<TimeoutException>());
        }

        var found = await Eventually.Async(
            async () => redis.IsConnected ? (await redis.GetDatabase().StringGetAsync("event")).IsNull : (bool?)null, answer => answer is not null, "Redis to be back");
        Assert.That(found, Is.True);
    }
}
