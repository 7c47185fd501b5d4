using System.Globalization;
using StackExchange.Redis;

namespace TicketBooth.Testing;

/// <summary>A database and a channel prefix of a test's own in the shared Redis: keys and messages of other tests are not seen. Emptied when disposed.</summary>
public sealed class RedisSpace : IAsyncDisposable
{
    /// <summary>How many a server is given where that is ours to say.</summary>
    internal const string Databases = "1024";

    private const string Administrator = ",allowAdmin=true";

    private RedisSpace(string connectionString) => ConnectionString = connectionString;

    /// <summary>Names the database and the channel prefix; any client of StackExchange.Redis keeps to them.</summary>
    public string ConnectionString { get; }

    /// <param name="server">Instead of the shared one.</param>
    public static async Task<RedisSpace> NewAsync(string? server = null)
    {
        server ??= TestServers.Redis;
        await using var shared = await ConnectionMultiplexer.ConnectAsync(server + Administrator);
        var databases = long.Parse((string)((RedisResult[])(await shared.GetDatabase(0).ExecuteAsync("CONFIG", "GET", "databases"))!)[1]!, CultureInfo.InvariantCulture);
        // Counted in the server, so that tests of all processes get different ones. The first is everybody else's.
        var taken = await shared.GetDatabase(0).StringIncrementAsync("ticketbooth-tests");
        var space = new RedisSpace(string.Create(
            CultureInfo.InvariantCulture, $"{server},defaultDatabase={1 + (taken % (databases - 1))},channelPrefix=test{taken}:"));
        await space.EmptyAsync();
        return space;
    }

    public async ValueTask DisposeAsync() => await EmptyAsync();

    private async Task EmptyAsync()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(ConnectionString + Administrator);
        await client.GetDatabase().ExecuteAsync("FLUSHDB");
    }
}
