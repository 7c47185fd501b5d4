using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Migrations.Notifications;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Queueing;
using TicketBooth.Notifications.Storage;
using TicketBooth.Notifications.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Notifications.Tests;

/// <summary>The scripts that make the tables.</summary>
[TestFixture(Engine.Sqlite)]
[TestFixture(Engine.MySql)]
internal sealed class StorageTests(Engine engine)
{
    [Test]
    public void Every_migration_has_the_script_that_EF_makes_of_it()
    {
        using var db = DesignTimeContext();
        var migrator = db.GetService<IMigrator>();
        var previous = Migration.InitialDatabase;
        var migrations = db.Database.GetMigrations().ToList();
        var scripts = typeof(NotificationsModule).Assembly.GetManifestResourceNames().Where(name => name.StartsWith($"{engine}/", StringComparison.Ordinal));

        Assert.That(migrations, Is.Not.Empty);
        Assert.That(scripts, Is.EquivalentTo(migrations.Select(migration => $"{engine}/{migration}")));
        foreach (var migration in migrations)
        {
            using var script = new StreamReader(typeof(NotificationsModule).Assembly.GetManifestResourceStream($"{engine}/{migration}")!);
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

    /// <summary>Their mails are in the queue already; the reminders were found by their holds, and are now by their own time.</summary>
    [Test]
    public async Task Orders_that_are_on_payment_at_the_upgrade_are_reminded_and_not_told_again()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-mails-");
        await using var space = engine == Engine.MySql ? await MySqlSpace.NewAsync() : null;
        await using (var former = await FormerAsync(folder.FullName, space))
        {
            await former.RunAsync(ScriptOf(0), CancellationToken.None);
            await AddFormerAsync(former, OnPayment, OrderState.OnPayment);
            await AddFormerAsync(former, Paid, OrderState.Paid);
        }

        var clock = new FakeTimeProvider(Now);
        await using var host = await TestHost.StartAsync(
            clock, folder.FullName, [("Modules", "Notifications"), ("ConnectionStrings:MySql", space?.ConnectionString ?? "")], StoreFixture.Stand);
        var early = await QueueAsync(host);
        clock.Advance(TimeSpan.FromMinutes(8));

        Assert.That(early, Is.Empty);
        Assert.That(await QueueAsync(host), Is.EqualTo([$"{MailKinds.HoldEnding}/{OnPayment}"]));
    }

    private static readonly Guid OnPayment = Guid.Parse("0199e2ee-3c10-8001-9f21-00000000000a");

    private static readonly Guid Paid = Guid.Parse("0199e2ee-3c10-8001-9f21-00000000000b");

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 20, 0, 0, TimeSpan.Zero);

    private static async Task<List<string>> QueueAsync(TestHost host)
    {
        await host.App.Services.GetRequiredService<QueueWaitingMailsWorker>().RunOnceAsync(CancellationToken.None);
        await using var scope = host.App.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<NotificationsDbContext>().Mails.Select(mail => mail.UniqueKey).ToListAsync();
    }

    private static async Task<DbConnection> FormerAsync(string folder, MySqlSpace? space)
    {
        DbConnection connection = space is null
            ? new SqliteConnection($"Data Source={Path.Combine(folder, "notifications.db")};Pooling=false")
            : new MySqlConnection(space.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static Task AddFormerAsync(DbConnection connection, Guid id, OrderState state) =>
        connection.RunAsync(
            """
            INSERT INTO NotificationsOrders(Id, Revision, State, EventId, BuyerId, Tickets, Total, Currency, PlacedAt, ExpiresAt, IsByPix, IsPaying)
            VALUES (@id, 1, @state, @id, @id, '[]', 10000, 'BRL', @placed, @expires, 0, 0)
            """,
            CancellationToken.None,
            ("@id", id),
            ("@state", (int)state),
            ("@placed", Now.UtcTicks),
            ("@expires", Now.AddMinutes(10).UtcTicks));

    private string ScriptOf(int migration)
    {
        var name = typeof(NotificationsModule).Assembly.GetManifestResourceNames().Where(name => name.StartsWith($"{engine}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ElementAt(migration);
        using var script = new StreamReader(typeof(NotificationsModule).Assembly.GetManifestResourceStream(name)!);
        return script.ReadToEnd();
    }

    private NotificationsDbContext DesignTimeContext() =>
        engine == Engine.Sqlite ? new DesignTimeFactory().CreateDbContext([]) : new MySqlDesignTimeFactory().CreateDbContext([]);
}
