using System.Buffers.Binary;
using System.Net;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.Host;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class StorageTests
{
    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = AccountsApi.TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_second_start_keeps_users_keys_and_sign_ins()
    {
        Reply tokens;
        await using (var first = await AccountsApi.StartAsync(folder: folder))
        {
            tokens = await first.NewCustomerAsync();
        }

        await using var second = await AccountsApi.StartAsync(folder: folder);

        Assert.Multiple(async () =>
        {
            Assert.That((await second.MeAsync(tokens.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await second.RefreshAsync(tokens.Text("refreshToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await second.SignInAsync("ana@example.com")).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(AccountsApi.Sql(folder, "SELECT COUNT(*) FROM SigningKeys"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task The_newest_key_signs_and_all_keys_verify()
    {
        string oldToken;
        await using (var first = await AccountsApi.StartAsync(folder: folder))
        {
            oldToken = (await first.NewCustomerAsync()).Text("accessToken");
        }

        var newer = SigningKeys.Make(TimeProvider.System.GetUtcNow());
        AccountsApi.Sql(folder, $"INSERT INTO SigningKeys(Id, PrivateKey, CreatedAt) VALUES ('{newer.Id}', x'{Convert.ToHexString(newer.PrivateKey)}', {newer.CreatedAt.UtcTicks})");
        await using var second = await AccountsApi.StartAsync(folder: folder);
        var newToken = (await second.SignInAsync("ana@example.com")).Text("accessToken");
        var published = (await second.SendAsync(HttpMethod.Get, "/.well-known/jwks.json")).Body!["keys"]!.AsArray();

        Assert.Multiple(async () =>
        {
            Assert.That(new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(newToken).Kid, Is.EqualTo(newer.Id));
            Assert.That((await second.MeAsync(oldToken)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await second.MeAsync(newToken)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(published, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task Writes_are_synchronous_and_go_through_a_log()
    {
        await using var host = await AccountsApi.StartAsync(folder: folder);
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
        await using var host = await AccountsApi.StartAsync(folder: folder);
        await host.SignUpAsync("ana@example.com");

        foreach (var file in new[] { "accounts.db", "accounts.db-wal" })
        {
            Assert.That(File.GetUnixFileMode(Path.Combine(folder, file)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
        }
    }

    [Test]
    public void Every_migration_has_the_script_that_EF_makes_of_it()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);
        var migrator = db.GetService<IMigrator>();
        var previous = Migration.InitialDatabase;
        var migrations = db.Database.GetMigrations().ToList();

        Assert.That(migrations, Is.Not.Empty);
        Assert.That(typeof(AccountsModule).Assembly.GetManifestResourceNames(), Is.EquivalentTo(migrations));
        foreach (var migration in migrations)
        {
            using var script = new StreamReader(typeof(AccountsModule).Assembly.GetManifestResourceStream(migration)!);
            Assert.That(Lines(script.ReadToEnd()), Is.EqualTo(Lines(migrator.GenerateScript(previous, migration))), migration);
            previous = migration;
        }

        static string Lines(string text) => text.ReplaceLineEndings("\n").Trim();
    }

    [Test]
    public void The_migrations_lead_to_the_model()
    {
        using var db = new DesignTimeFactory().CreateDbContext([]);

        Assert.That(db.Database.HasPendingModelChanges(), Is.False);
    }

    [Test]
    public async Task Refuses_a_file_of_a_newer_release()
    {
        await using (await AccountsApi.StartAsync(folder: folder))
        {
            // Only makes the files.
        }

        AccountsApi.Sql(folder, "INSERT INTO __EFMigrationsHistory VALUES ('29991231235959_Later', '99.0.0')");

        var failure = Assert.ThrowsAsync<StorageException>(async () => await AccountsApi.StartAsync(folder: folder));
        Assert.That(failure!.Message, Does.Contain("newer release").And.Contain("Storage:Path"));
    }

    [Test]
    public async Task Finishes_a_migration_that_was_killed_before_its_commit()
    {
        AccountsApi.Sql(folder, """CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL PRIMARY KEY, "ProductVersion" TEXT NOT NULL)""");

        await using var host = await AccountsApi.StartAsync(folder: folder);

        Assert.That((await host.NewCustomerAsync()).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Refuses_a_file_that_is_no_database()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "accounts.db"), new string('x', 4096));

        var failure = Assert.ThrowsAsync<StorageException>(async () => await AccountsApi.StartAsync(folder: folder));
        Assert.That(failure!.Message, Does.Contain("accounts.db"));
    }

    [Test]
    public async Task A_start_that_may_only_read_writes_nothing()
    {
        await using (await AccountsApi.StartAsync(folder: folder))
        {
            // Only makes the files.
        }

        AccountsApi.Sql(folder, "DELETE FROM AspNetUsers; DELETE FROM SigningKeys; PRAGMA wal_checkpoint(TRUNCATE)");
        await StartToReadAsync(folder);

        Assert.That(AccountsApi.Sql(folder, "SELECT (SELECT COUNT(*) FROM AspNetUsers) + (SELECT COUNT(*) FROM SigningKeys)"), Is.Zero);
    }

    [Test]
    public void A_start_that_may_only_read_wants_a_file_of_this_release()
    {
        AccountsApi.Sql(folder, "CREATE TABLE something(x)");

        var failure = Assert.ThrowsAsync<StorageException>(async () => await StartToReadAsync(folder));
        Assert.That(failure!.Message, Does.Contain("Start the host once"));
        Assert.That(AccountsApi.Sql(folder, "SELECT COUNT(*) FROM sqlite_master"), Is.EqualTo(1));
    }

    [Test]
    public async Task Has_room_for_the_keys_of_a_second_factor()
    {
        await using var host = await AccountsApi.StartAsync(folder: folder);
        await using var scope = host.App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var admin = await users.FindByEmailAsync(TestUsers.AdminEmail);

        var result = await users.ResetAuthenticatorKeyAsync(admin!);

        Assert.That(result.Succeeded, Is.True);
        Assert.That(await users.GetAuthenticatorKeyAsync(admin!), Is.Not.Empty);
    }

    [Test]
    public async Task A_password_hash_is_brought_up_to_the_setting_when_its_owner_signs_in()
    {
        await using (var first = await AccountsApi.StartAsync(folder: folder))
        {
            await first.SignUpAsync("ana@example.com");
        }

        await using var second = await AccountsApi.StartAsync(folder: folder, settings: ("Accounts:PasswordIterations", "20000"));
        Assert.That(Rounds(), Is.EqualTo(10_000));

        await second.SignInAsync("ana@example.com");

        Assert.That(Rounds(), Is.EqualTo(20_000));
        Assert.That((await second.SignInAsync("ana@example.com")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>IdentityV3: one byte of format, four of the function, four of the rounds.</summary>
    private int Rounds()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "accounts.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT PasswordHash FROM AspNetUsers WHERE Email = 'ana@example.com'";
        return BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String((string)command.ExecuteScalar()!).AsSpan(5));
    }

    private static async Task StartToReadAsync(string folder)
    {
        await using var app = TicketBoothHost.Build(["--Storage:ReadOnly=true", $"--Storage:Path={folder}", "--Modules=Accounts"]);
        await app.StartModulesAsync();
    }
}
