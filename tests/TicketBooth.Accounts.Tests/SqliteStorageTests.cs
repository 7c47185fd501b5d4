using System.Net;
using System.Runtime.Versioning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host;

namespace TicketBooth.Accounts.Tests;

/// <summary>What holds for the file.</summary>
internal sealed class SqliteStorageTests
{
    private SqliteFile database = null!;

    [SetUp]
    public void MakeFolder() => database = new SqliteFile();

    [TearDown]
    public async Task RemoveFolder() => await database.DisposeAsync();

    [Test]
    public async Task Writes_are_synchronous_and_go_through_a_log()
    {
        await using var host = await AccountsApi.StartAsync(database: database);
        await using var scope = host.App.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        await db.Database.OpenConnectionAsync();

        Assert.That(await Pragma("journal_mode"), Is.EqualTo("wal"));
        Assert.That(await Pragma("synchronous"), Is.EqualTo("2"));

        async Task<string?> Pragma(string name)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // a constant of this test
            command.CommandText = "PRAGMA " + name;
#pragma warning restore CA2100
            return (await command.ExecuteScalarAsync())?.ToString();
        }
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    [Platform(Exclude = "Win")]
    public async Task Nobody_else_on_the_machine_can_read_the_file()
    {
        await using var host = await AccountsApi.StartAsync(database: database);
        await host.SignUpAsync("ana@example.com");

        foreach (var file in new[] { "accounts.db", "accounts.db-wal" })
        {
            Assert.That(File.GetUnixFileMode(Path.Combine(database.Folder, file)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
        }
    }

    [Test]
    public async Task No_refresh_token_is_in_the_file()
    {
        await using var host = await AccountsApi.StartAsync(database: database);
        var secret = System.Buffers.Text.Base64Url.DecodeFromChars((await host.NewCustomerAsync()).Text("refreshToken"));

        Assert.That(File.ReadAllBytes(Path.Combine(database.Folder, "accounts.db-wal")).AsSpan().IndexOf(secret), Is.EqualTo(-1));
    }

    [Test]
    public async Task Finishes_a_migration_that_was_killed_before_its_commit()
    {
        database.Sql("""CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL PRIMARY KEY, "ProductVersion" TEXT NOT NULL)""");

        await using var host = await AccountsApi.StartAsync(database: database);

        Assert.That((await host.NewCustomerAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Refuses_a_file_that_is_no_database()
    {
        await File.WriteAllTextAsync(Path.Combine(database.Folder, "accounts.db"), new string('x', 4096));

        var failure = Assert.ThrowsAsync<StorageException>(async () => await AccountsApi.StartAsync(database: database));
        Assert.That(failure!.Message, Does.Contain("accounts.db"));
    }

    [Test]
    public void A_start_that_may_only_read_wants_a_file_of_this_release()
    {
        database.Sql("CREATE TABLE something(x)");

        var failure = Assert.ThrowsAsync<StorageException>(async () =>
        {
            await using var app = TicketBoothHost.Build(["--Storage:ReadOnly=true", $"--Storage:Path={database.Folder}", "--Modules=Accounts", "--ConnectionStrings:MySql="]);
            await app.StartModulesAsync();
        });
        Assert.That(failure!.Message, Does.Contain("Start the host once"));
        Assert.That(database.Sql("SELECT COUNT(*) FROM sqlite_master"), Is.EqualTo(1));
    }
}
