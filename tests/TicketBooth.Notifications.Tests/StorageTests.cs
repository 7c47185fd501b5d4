using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using TicketBooth.Migrations.Notifications;
using TicketBooth.Notifications.Storage;
using TicketBooth.Notifications.Tests.Support;

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

    private NotificationsDbContext DesignTimeContext() =>
        engine == Engine.Sqlite ? new DesignTimeFactory().CreateDbContext([]) : new MySqlDesignTimeFactory().CreateDbContext([]);
}
