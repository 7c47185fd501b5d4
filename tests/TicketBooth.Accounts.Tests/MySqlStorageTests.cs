using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.Host;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>What holds for the shared database: how it is reached, made and upgraded.</summary>
internal sealed class MySqlStorageTests
{
    private const string Setting = "ConnectionStrings:MySql";

    private MySqlDatabase database = null!;

    private static IEnumerable<TestCaseData> Unusable()
    {
        yield return Wrong("no server", "no server answers", settings => (settings.Server, settings.Port) = ("127.0.0.1", 1));
        yield return Wrong("an address that swallows everything", "no server answers", settings => settings.Server = "192.0.2.1");
        yield return Wrong("a name that nobody has", "no server answers", settings => settings.Server = "no-such-host.invalid");
        yield return Wrong("a wrong password", "refuses the user name or password", settings => settings.Password = "wrong-secret");
        yield return Wrong("a wrong user", "refuses the user name or password", settings => settings.UserID = "nobody");
    }

    [SetUp]
    public void NewDatabase() => database = new MySqlDatabase();

    [TearDown]
    public async Task DropDatabase() => await database.DisposeAsync();

    [TestCaseSource(nameof(Unusable))]
    public void A_server_that_cannot_be_used_stops_the_start_soon_and_says_why(Action<MySqlConnectionStringBuilder> change, string reason)
    {
        var began = Stopwatch.StartNew();
        var failure = Assert.ThrowsAsync<StorageException>(() => OpenAsync(database.ConnectionStringWith(change)));

        Assert.Multiple(() =>
        {
            Assert.That(failure!.Message, Does.StartWith(Setting + ": ").And.Contain(reason));
            Assert.That(failure.Message, Does.Not.Contain("secret").And.Not.Contain(new MySqlConnectionStringBuilder(TestServers.MySql).Password));
            Assert.That(began.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
        });
    }

    [Test]
    public async Task A_server_that_hangs_stops_the_start_soon()
    {
        await using var proxy = database.NewProxy();
        proxy.Hush();
        var began = Stopwatch.StartNew();

        var failure = Assert.ThrowsAsync<StorageException>(() => OpenAsync(database.ConnectionStringThrough(proxy)));

        Assert.That(failure!.Message, Does.StartWith(Setting + ": ").And.Contain("no server answers"));
        Assert.That(began.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
    }

    /// <summary>A request is answered within five seconds, whatever hangs (ADR 0069); work has more time for its statements.</summary>
    [Test]
    public async Task Statements_of_requests_are_given_up_sooner_than_those_of_work()
    {
        using var storage = Storage(database.ConnectionString, readOnly: false);
        await using var started = await storage.OpenAsync(CancellationToken.None);
        await using var request = await storage.ConnectForRequestAsync(CancellationToken.None);
        await using var work = await storage.ConnectAsync(CancellationToken.None);

        var (ofRequest, ofWork) = (new MySqlConnectionStringBuilder(request.ConnectionString), new MySqlConnectionStringBuilder(work.ConnectionString));
        Assert.That(ofRequest.DefaultCommandTimeout + ofRequest.CancellationTimeout, Is.LessThan(5));
        Assert.That(ofWork.DefaultCommandTimeout, Is.GreaterThan(ofRequest.DefaultCommandTimeout));
    }

    [TestCase("Server=127.0.0.1;Password=half;secret;User ID=x")]
    [TestCase("Server=127.0.0.1;Port=secret;User ID=x")]
    [TestCase("secret")]
    [TestCase("User ID=x;Password=secret")]
    public void What_is_no_connection_string_stops_the_start_and_is_not_quoted(string text)
    {
        var failure = Assert.ThrowsAsync<StorageException>(() => OpenAsync(text));

        Assert.That(failure!.Message, Does.StartWith(Setting + ": ").And.Not.Contain("secret").And.Not.Contain("half"));
    }

    [Test]
    public async Task Is_made_when_it_is_missing_and_needs_no_storage_folder()
    {
        await using var app = TicketBoothHost.Build(
            ["--Modules=Accounts", "--environment=Development", "--urls=http://127.0.0.1:0", "--Storage:Path=/proc/nowhere", $"--{Setting}={database.ConnectionString}", "--Accounts:Admin:Password=a-long-enough-password"]);

        await app.StartModulesAsync();

        Assert.That(database.Sql("SELECT COUNT(*) FROM SigningKeys"), Is.EqualTo(1));
    }

    [Test]
    public void A_start_that_may_only_read_makes_no_database_and_no_table()
    {
        var missing = Assert.ThrowsAsync<StorageException>(() => OpenAsync(database.ConnectionString, readOnly: true));
        database.Create();
        var empty = Assert.ThrowsAsync<StorageException>(() => OpenAsync(database.ConnectionString, readOnly: true));

        Assert.Multiple(() =>
        {
            Assert.That(missing!.Message, Does.StartWith(Setting));
            Assert.That(empty!.Message, Does.Contain("Start the host once"));
            Assert.That(database.Sql("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"), Is.Zero);
        });
    }

    [Test]
    public async Task Nothing_can_be_written_by_a_process_that_may_only_read()
    {
        await OpenAsync(database.ConnectionString);
        await using var app = TicketBoothHost.Build(["--Storage:ReadOnly=true", "--Modules=Accounts", "--Storage:Path=unused", $"--{Setting}={database.ConnectionString}"]);
        await app.StartModulesAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();

        Assert.That(await db.Users.CountAsync(), Is.Zero);
        Assert.That(() => db.SigningKeys.ExecuteDeleteAsync(), Throws.InstanceOf<MySqlException>().With.Message.Contains("READ ONLY"));
    }

    [Test]
    public void Tables_of_something_else_are_left_alone()
    {
        database.Create();
        database.Sql("CREATE TABLE AspNetUsers (Id INT PRIMARY KEY)");

        var failure = Assert.ThrowsAsync<StorageException>(() => OpenAsync(database.ConnectionString));

        Assert.That(failure!.Message, Does.StartWith(Setting).And.Contain("AspNetUsers"));
    }

    [Test]
    public async Task A_start_finishes_a_migration_that_was_killed_after_any_of_its_statements()
    {
        await OpenAsync(database.ConnectionString);
        var whole = Schema(database);
        var statements = Script().Split([";\n", ";\r\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(statements, Has.Length.GreaterThan(10));

        for (var done = 1; done < statements.Length - 1; done++)
        {
            await using var killed = new MySqlDatabase();
            killed.Create();
            killed.Sql(string.Join(";\n", statements[..done]));

            await OpenAsync(killed.ConnectionString);

            Assert.That(Schema(killed), Is.EqualTo(whole), statements[done - 1]);
        }
    }

    [Test]
    public async Task A_second_host_waits_until_the_first_one_has_prepared_the_database()
    {
        using var first = Storage(database.ConnectionString);
        using var second = Storage(database.ConnectionString);
        var preparing = await first.OpenAsync(CancellationToken.None);
        var waiting = second.OpenAsync(CancellationToken.None);
        await Eventually.Async(
            () => Task.FromResult(database.Sql("SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'User lock' AND db = DATABASE()")),
            waiters => waiters == 1,
            "the second host to wait for the lock");
        Assert.That(waiting.IsCompleted, Is.False);

        await preparing.DisposeAsync();

        await using var next = await waiting.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static TestCaseData Wrong(string name, string reason, Action<MySqlConnectionStringBuilder> change) => new TestCaseData(change, reason).SetArgDisplayNames(name);

    private static string Script()
    {
        var name = typeof(AccountsModule).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("MySql/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        using var script = new StreamReader(typeof(AccountsModule).Assembly.GetManifestResourceStream(name)!);
        return script.ReadToEnd();
    }

    /// <summary>Every column with its collation, every index, and the rows that a migration writes.</summary>
    private static string Schema(MySqlDatabase of) => (string)of.Value(
        """
        SET SESSION group_concat_max_len = 1000000;
        SELECT CONCAT(
            (SELECT GROUP_CONCAT(table_name, '.', column_name, ' ', column_type, ' ', COALESCE(collation_name, '') ORDER BY table_name, ordinal_position)
             FROM information_schema.columns WHERE table_schema = DATABASE()),
            (SELECT GROUP_CONCAT(table_name, '.', index_name, '.', column_name, ' ', non_unique ORDER BY table_name, index_name, seq_in_index)
             FROM information_schema.statistics WHERE table_schema = DATABASE()),
            (SELECT GROUP_CONCAT(Name ORDER BY Name) FROM AspNetRoles),
            (SELECT GROUP_CONCAT(MigrationId) FROM AccountsMigrations))
        """)!;

    private static MySqlTables Storage(string connectionString, bool readOnly = false) => new(
        AccountsDbContext.Module,
        typeof(AccountsModule).Assembly,
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(Setting, connectionString)]).Build(),
        new StorageOptions { ReadOnly = readOnly });

    private static async Task OpenAsync(string connectionString, bool readOnly = false)
    {
        using var storage = Storage(connectionString, readOnly);
        await using var connection = await storage.OpenAsync(CancellationToken.None);
    }
}
