using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Migrations.Dashboard;

namespace TicketBooth.Dashboard.Tests.ReadModel;

internal sealed class StorageTests(Provider provider) : DashboardFixture(provider)
{
    [Test]
    public async Task A_second_start_keeps_the_read_model()
    {
        List<string> rows;
        await using (var first = await StartHostAsync(("Modules", "Dashboard")))
        {
            var writer = first.App.Services.GetRequiredService<ReadModelWriter>();
            foreach (var said in Stories.Tell([1, 2, 3, 4, 5], shuffle: 5).Arrivals)
            {
                await writer.ApplyAsync([said], CancellationToken.None);
            }

            rows = Rows();
        }

        await using var second = await StartHostAsync(("Modules", "Dashboard"));

        Assert.That(rows, Is.Not.Empty);
        Assert.That(Rows(), Is.EqualTo(rows));
    }

    [Test]
    public void Every_migration_has_the_script_that_EF_makes_of_it()
    {
        using var db = DesignTimeContext();
        var migrator = db.GetService<IMigrator>();
        var previous = Migration.InitialDatabase;
        var migrations = db.Database.GetMigrations().ToList();
        var scripts = typeof(DashboardModule).Assembly.GetManifestResourceNames().Where(name => name.StartsWith($"{Provider}/", StringComparison.Ordinal));

        Assert.That(migrations, Is.Not.Empty);
        Assert.That(scripts, Is.EquivalentTo(migrations.Select(migration => $"{Provider}/{migration}")));
        foreach (var migration in migrations)
        {
            using var script = new StreamReader(typeof(DashboardModule).Assembly.GetManifestResourceStream($"{Provider}/{migration}")!);
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
    public void A_time_zone_that_does_not_exist_stops_the_start_with_the_name_of_the_setting()
    {
        var failure = Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var host = await StartHostAsync(("Modules", "Dashboard"), ("Dashboard:TimeZone", "Mars/Olympus_Mons"));
        });

        Assert.That(failure!.Failures, Has.One.StartsWith("Dashboard:TimeZone: "));
    }

    private DashboardDbContext DesignTimeContext() =>
        Provider == Provider.Sqlite ? new DesignTimeFactory().CreateDbContext([]) : new MySqlDesignTimeFactory().CreateDbContext([]);
}

/// <summary>What holds for the file.</summary>
internal sealed class SqliteStorageTests
{
    [TestCase("UPDATE DashboardActs SET Outcome = 'done'")]
    [TestCase("DELETE FROM DashboardActs")]
    public async Task The_log_of_acts_is_only_added_to(string change)
    {
        await using var database = new SqliteFile();
        await using var host = await Testing.TestHost.StartAsync(folder: database.Folder, settings: [("Modules", "Dashboard")]);
        var columns = database.Lines("SELECT name FROM pragma_table_info('DashboardActs') WHERE \"notnull\" = 1");
        database.Sql($"INSERT INTO DashboardActs({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(_ => "'0'"))})");

        var failure = Assert.Throws<SqliteException>(() => database.Sql(change));

        Assert.That(failure!.Message, Does.Contain("append-only"));
        Assert.That(database.Sql("SELECT COUNT(*) FROM DashboardActs WHERE Outcome = '0'"), Is.EqualTo(1));
    }
}
