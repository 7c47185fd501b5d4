using MySqlConnector;

namespace TicketBooth.Testing.Tests;

public sealed class MySqlTests
{
    [Test]
    public async Task A_space_is_an_empty_database_until_it_is_dropped()
    {
        string database;
        await using (var space = await MySqlSpace.NewAsync())
        {
            await using var connection = new MySqlConnection(space.ConnectionString);
            await connection.OpenAsync();
            database = connection.Database;
            await ScalarAsync(connection, "create table users (name varchar(100) character set utf8mb4)");
            await ScalarAsync(connection, "insert into users values ('Zoé 🎫')");
            Assert.That(await ScalarAsync(connection, "select name from users"), Is.EqualTo("Zoé 🎫"));
        }

        await using var shared = new MySqlConnection(TestServers.MySql);
        await shared.OpenAsync();
        Assert.That(await ScalarAsync(shared, $"select count(*) from information_schema.schemata where schema_name = '{database}'"), Is.Zero);
    }

    [Test]
    public async Task Data_outlives_an_outage()
    {
        await using var space = await MySqlSpace.NewAsync();
        await using (var connection = new MySqlConnection(space.ConnectionString))
        {
            await connection.OpenAsync();
            await ScalarAsync(connection, "create table users (id int primary key)");
            await ScalarAsync(connection, "insert into users values (7)");
        }

        await using var late = new MySqlConnection(space.ConnectionString + ";Connection Timeout=2;Pooling=false");
        await using (await TestServers.StopAsync(TestServer.MySql))
        {
            Assert.That(() => late.OpenAsync(), Throws.InstanceOf<MySqlException>());
        }

        await late.OpenAsync();
        Assert.That(await ScalarAsync(late, "select id from users"), Is.EqualTo(7));
    }

    private static async Task<object?> ScalarAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
