using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>
/// The stores of a fuzzed host: embedded files, or with <c>tests/fuzz --profile distributed</c> a space of its own on MongoDB, Redis and MySQL.
/// </summary>
internal sealed class FuzzedStores : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> spaces = [];

    private FuzzedStores() { }

    public List<(string Key, string Value)> Settings { get; } = [];

    public static async Task<FuzzedStores> OpenAsync()
    {
        var stores = new FuzzedStores();
        if (Environment.GetEnvironmentVariable("TICKETBOOTH_FUZZ_PROFILE") != "distributed")
        {
            return stores;
        }

        var mongo = new MongoDbSpace();
        stores.Add(mongo, "MongoDb", mongo.ConnectionString);
        var mySql = await MySqlSpace.NewAsync();
        stores.Add(mySql, "MySql", mySql.ConnectionString);
        var redis = await RedisSpace.NewAsync();
        stores.Add(redis, "Redis", redis.ConnectionString);
        return stores;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var space in spaces)
        {
            await space.DisposeAsync();
        }
    }

    private void Add(IAsyncDisposable space, string name, string connectionString)
    {
        spaces.Add(space);
        Settings.Add(("ConnectionStrings:" + name, connectionString));
    }
}
