using MySqlConnector;

namespace TicketBooth.Testing;

/// <summary>An empty database of a test's own in the shared MySQL (or MariaDB). Dropped when disposed.</summary>
public sealed class MySqlSpace : IAsyncDisposable
{
    private readonly string server;
    private readonly string database;

    private MySqlSpace(string server, string database)
    {
        (this.server, this.database) = (server, database);
        ConnectionString = new MySqlConnectionStringBuilder(server)
        {
            Database = database,

            // Other tests keep the machine busy.
            DefaultCommandTimeout = 30,
        }.ToString();
    }

    public string ConnectionString { get; }

    /// <param name="server">Instead of the shared one.</param>
    public static async Task<MySqlSpace> NewAsync(string? server = null)
    {
        var space = new MySqlSpace(server ?? TestServers.MySql, "test" + Guid.NewGuid().ToString("N")[..12]);
        await space.ExecuteAsync($"create database {space.database}");
        return space;
    }

    public async ValueTask DisposeAsync()
    {
        // Pooled connections would hold the dropped database open.
        await MySqlConnection.ClearAllPoolsAsync();
        await ExecuteAsync($"drop database if exists {database}");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
