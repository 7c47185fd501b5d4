using MySqlConnector;

namespace TicketBooth.Testing;

/// <summary>An empty database of a test's own in the shared MySQL (or MariaDB). Dropped when disposed.</summary>
public sealed class MySqlSpace : IAsyncDisposable
{
    private readonly string database;

    private MySqlSpace(string database)
    {
        this.database = database;
        ConnectionString = new MySqlConnectionStringBuilder(TestServers.MySql) { Database = database }.ToString();
    }

    public string ConnectionString { get; }

    public static async Task<MySqlSpace> NewAsync()
    {
        var space = new MySqlSpace("test" + Guid.NewGuid().ToString("N")[..12]);
        await ExecuteAsync($"create database {space.database}");
        return space;
    }

    public async ValueTask DisposeAsync()
    {
        // Pooled connections would hold the dropped database open.
        await MySqlConnection.ClearAllPoolsAsync();
        await ExecuteAsync($"drop database if exists {database}");
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(TestServers.MySql) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
