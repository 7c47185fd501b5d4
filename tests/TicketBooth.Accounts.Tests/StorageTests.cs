using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tests.Support;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host;
using TicketBooth.Migrations.Accounts;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

internal sealed class StorageTests(Provider provider) : EmptyDatabaseFixture(provider)
{
    private readonly Provider provider = provider;

    [Test]
    public async Task A_second_start_keeps_users_keys_and_sign_ins()
    {
        Reply tokens;
        await using (var first = await StartHostAsync())
        {
            tokens = await first.NewCustomerAsync();
        }

        await using var second = await StartHostAsync();

        Assert.Multiple(async () =>
        {
            Assert.That((await second.MeAsync(tokens.Text("accessToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await second.RefreshAsync(tokens.Text("refreshToken"))).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await second.SignInAsync("ana@example.com")).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(Database.Sql("SELECT COUNT(*) FROM SigningKeys"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_start_makes_names_of_a_former_release_findable()
    {
        await using (var first = await StartHostAsync())
        {
            await first.SignUpAsync("ana@example.com", "Ana da Conceição");
        }

        Database.Sql("UPDATE AspNetUsers SET SearchName = 'ANA DA CONCEIÇÃO' WHERE Email = 'ana@example.com'");
        await using var second = await StartHostAsync();

        var found = await second.SendAsync(new Contracts.FindUsers("conceicao"));

        Assert.That(found.Value.Items.Select(user => user.Email), Is.EqualTo(["ana@example.com"]));
    }

    [Test]
    public async Task The_newest_key_signs_and_all_keys_verify()
    {
        string oldToken;
        await using (var first = await StartHostAsync())
        {
            oldToken = (await first.NewCustomerAsync()).Text("accessToken");
        }

        var newer = SigningKeys.Make(TimeProvider.System.GetUtcNow());
        Database.Insert(newer);
        await using var second = await StartHostAsync();
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
    public void Every_migration_has_the_script_that_EF_makes_of_it()
    {
        using var db = DesignTimeContext();
        var migrator = db.GetService<IMigrator>();
        var previous = Migration.InitialDatabase;
        var migrations = db.Database.GetMigrations().ToList();
        var scripts = typeof(AccountsModule).Assembly.GetManifestResourceNames().Where(name => name.StartsWith($"{provider}/", StringComparison.Ordinal));

        Assert.That(migrations, Is.Not.Empty);
        Assert.That(scripts, Is.EquivalentTo(migrations.Select(migration => $"{provider}/{migration}")));
        foreach (var migration in migrations)
        {
            using var script = new StreamReader(typeof(AccountsModule).Assembly.GetManifestResourceStream($"{provider}/{migration}")!);
            Assert.That(Lines(script.ReadToEnd()), Is.EqualTo(Lines(migrator.GenerateScript(previous, migration))), migration);
            previous = migration;
        }

        static string Lines(string text) => text.ReplaceLineEndings("\n").Trim();
    }

    [Test]
    public void The_migrations_lead_to_the_model()
    {
        using var db = DesignTimeContext();

        Assert.That(db.Database.HasPendingModelChanges(), Is.False);
    }

    [Test]
    public async Task Refuses_a_database_of_a_newer_release()
    {
        await using (await StartHostAsync())
        {
            // Only makes the tables.
        }

        var (history, setting) = provider == Provider.Sqlite ? ("__EFMigrationsHistory", "Storage:Path") : ("AccountsMigrations", "ConnectionStrings:MySql");
        Database.Sql($"INSERT INTO {history} VALUES ('29991231235959_Later', '99.0.0')");

        var failure = Assert.ThrowsAsync<StorageException>(async () => await StartHostAsync());
        Assert.That(failure!.Message, Does.Contain("newer release").And.Contain(setting));
    }

    [Test]
    public async Task A_start_that_may_only_read_writes_nothing()
    {
        await using (await StartHostAsync())
        {
            // Only makes the tables.
        }

        Database.Sql("DELETE FROM AspNetUserRoles; DELETE FROM AspNetUsers; DELETE FROM SigningKeys");
        await StartToReadAsync();

        Assert.That(Database.Sql("SELECT (SELECT COUNT(*) FROM AspNetUsers) + (SELECT COUNT(*) FROM SigningKeys)"), Is.Zero);
    }

    [Test]
    public async Task Has_room_for_the_keys_of_a_second_factor()
    {
        await using var host = await StartHostAsync();
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
        await using (var first = await StartHostAsync())
        {
            await first.SignUpAsync("ana@example.com");
        }

        await using var second = await StartHostAsync(settings: ("Accounts:PasswordIterations", "20000"));
        Assert.That(Rounds(), Is.EqualTo(10_000));

        await second.SignInAsync("ana@example.com");

        Assert.That(Rounds(), Is.EqualTo(20_000));
        Assert.That((await second.SignInAsync("ana@example.com")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>Former releases took letters with accents in addresses. Their accounts stay, and stay apart from others.</summary>
    [Test]
    public async Task Addresses_that_differ_in_an_accent_are_two()
    {
        await using var host = await StartHostAsync();
        await host.SignUpAsync("joao@example.com");
        Database.Sql("UPDATE AspNetUsers SET Email = 'joão@example.com', NormalizedEmail = 'JOÃO@EXAMPLE.COM', NormalizedUserName = 'JOÃO@EXAMPLE.COM' WHERE Email = 'joao@example.com'");

        Assert.Multiple(async () =>
        {
            Assert.That((await host.SignUpAsync("joao@example.com")).Status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That((await host.SignInAsync("JOÃO@example.com")).Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    private AccountsDbContext DesignTimeContext() =>
        provider == Provider.Sqlite ? new DesignTimeFactory().CreateDbContext([]) : new MySqlDesignTimeFactory().CreateDbContext([]);

    /// <summary>IdentityV3: one byte of format, four of the function, four of the rounds.</summary>
    private int Rounds() =>
        BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String((string)Database.Value("SELECT PasswordHash FROM AspNetUsers WHERE Email = 'ana@example.com'")!).AsSpan(5));

    private async Task StartToReadAsync()
    {
        string[] settings = [.. Database.Settings.Select(setting => $"--{setting.Key}={setting.Value}"), $"--Storage:Path={Database.Folder ?? "unused"}"];
        await using var app = TicketBoothHost.Build(["--Storage:ReadOnly=true", "--Modules=Accounts", .. settings]);
        await app.StartModulesAsync();
    }
}
