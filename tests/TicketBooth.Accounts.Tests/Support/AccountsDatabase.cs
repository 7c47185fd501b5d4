using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using TicketBooth.Accounts.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests.Support;

/// <summary>What the accounts may be stored in.</summary>
public enum Provider
{
    Sqlite,
    MySql,
}

/// <summary>A database of a test's own; the first host that starts on it makes its tables.</summary>
internal abstract class AccountsDatabase : IAsyncDisposable
{
    /// <summary>What a host needs to be told to use it.</summary>
    public abstract IReadOnlyList<(string Key, string Value)> Settings { get; }

    /// <summary>The storage folder that hosts share; null when each may have its own.</summary>
    public abstract string? Folder { get; }

    public static AccountsDatabase New(Provider provider) => provider == Provider.Sqlite ? new SqliteFile() : new MySqlDatabase();

    /// <summary>Runs statements beside the host; the first column of the first row as a number.</summary>
    public long Sql(string sql) => Convert.ToInt64(Value(sql) ?? 0L, CultureInfo.InvariantCulture);

    /// <summary>The first column of the first row.</summary>
    public object? Value(string sql)
    {
        using var connection = Connect();
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // statements of tests
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public void Insert(SigningKey key) =>
        Sql($"INSERT INTO SigningKeys(Id, PrivateKey, CreatedAt) VALUES ('{key.Id}', x'{Convert.ToHexString(key.PrivateKey)}', {key.CreatedAt.UtcTicks})");

    /// <summary>A name as EF Core writes it for this database.</summary>
    public abstract string Quoted(string name);

    public abstract void DropIndex(string table, string index);

    public abstract ValueTask DisposeAsync();

    protected abstract DbConnection Connect();
}

internal sealed class SqliteFile : AccountsDatabase
{
    public override string Folder { get; } = Directory.CreateTempSubdirectory("ticketbooth-accounts-").FullName;

    public override IReadOnlyList<(string Key, string Value)> Settings => [("ConnectionStrings:MySql", "")];

    public override string Quoted(string name) => $"\"{name}\"";

    public override void DropIndex(string table, string index) => Sql("DROP INDEX " + index);

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override DbConnection Connect() => new SqliteConnection($"Data Source={Path.Combine(Folder, "accounts.db")};Pooling=False");
}

internal sealed class MySqlDatabase : AccountsDatabase
{
    private readonly MySqlConnectionStringBuilder settings = new(TestServers.MySql) { Database = $"accounts_test_{Guid.CreateVersion7():N}" };

    public override string? Folder => null;

    public string ConnectionString => settings.ConnectionString;

    public string Name => settings.Database;

    public override IReadOnlyList<(string Key, string Value)> Settings => [("ConnectionStrings:MySql", ConnectionString)];

    public override string Quoted(string name) => $"`{name}`";

    public override void DropIndex(string table, string index) => Sql($"DROP INDEX {index} ON {table}");

    /// <summary>The same server and database by other words.</summary>
    public string ConnectionStringWith(Action<MySqlConnectionStringBuilder> change)
    {
        var changed = new MySqlConnectionStringBuilder(ConnectionString);
        change(changed);
        return changed.ConnectionString;
    }

    public TestProxy NewProxy() => new(settings.Server, (int)settings.Port);

    public string ConnectionStringThrough(TestProxy proxy, Action<MySqlConnectionStringBuilder>? change = null) => ConnectionStringWith(changed =>
    {
        (changed.Server, changed.Port) = ("127.0.0.1", (uint)proxy.Port);
        change?.Invoke(changed);
    });

    /// <summary>Makes it without any table, for tests that do not begin with a host.</summary>
    public void Create() => OnServer($"CREATE DATABASE {Name}");

    public override ValueTask DisposeAsync()
    {
        OnServer($"DROP DATABASE IF EXISTS {Name}");
        return ValueTask.CompletedTask;
    }

    protected override DbConnection Connect() => new MySqlConnection(ConnectionStringWith(plain => plain.Pooling = false));

    private void OnServer(string sql)
    {
        using var connection = new MySqlConnection(ConnectionStringWith(server => (server.Database, server.Pooling) = ("", false)));
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a name of our own
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
