using MongoDB.Driver;

namespace TicketBooth.Testing;

/// <summary>Databases of a test's own in the shared MongoDB: all whose names begin with <see cref="Prefix"/>. Dropped when disposed.</summary>
public sealed class MongoDbSpace : IAsyncDisposable
{
    /// <param name="server">Instead of the shared one.</param>
    public MongoDbSpace(string? server = null)
    {
        var url = new MongoUrlBuilder(server ?? TestServers.MongoDb)
        {
            DatabaseName = Prefix,

            // Other tests keep the machine busy. A test with a server of its own has the times of the product.
            SocketTimeout = server is null ? TimeSpan.FromSeconds(30) : TimeSpan.Zero,
        };
        // With a database in the path the driver would look for the user there.
        if (url.Username is not null)
        {
            url.AuthenticationSource ??= "admin";
        }

        ConnectionString = url.ToString();
    }

    public string Prefix { get; } = "test" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>With the prefix in its path, as the setting takes it.</summary>
    public string ConnectionString { get; }

    public async ValueTask DisposeAsync()
    {
        using var client = new MongoClient(ConnectionString);
        using var names = await client.ListDatabaseNamesAsync();
        foreach (var name in (await names.ToListAsync()).Where(name => name == Prefix || name.StartsWith(Prefix + "_", StringComparison.Ordinal)))
        {
            await client.DropDatabaseAsync(name);
        }
    }
}
