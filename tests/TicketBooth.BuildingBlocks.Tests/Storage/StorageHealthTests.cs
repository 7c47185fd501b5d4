using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

/// <summary>Whether the host says that it is ready when its files are not.</summary>
public sealed class StorageHealthTests
{
    private static readonly string[] Schema = ["CREATE TABLE things(id INTEGER PRIMARY KEY, text TEXT)"];

    private readonly FakeTimeProvider clock = new();
    private TempFolder folder = null!;
    private EmbeddedStorage storage = null!;
    private StorageHealth health = null!;

    [SetUp]
    public void Open()
    {
        folder = new TempFolder();
        storage = TestStorage.Open(folder.Path);
        health = new StorageHealth(storage, clock);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        health.Dispose();
        await storage.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task Files_that_can_be_written_are_healthy()
    {
        await WriteAsync(storage.Open("things", Schema), 10);

        Assert.That((await LookAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(Directory.GetFiles(folder.Path, "*probe*"), Is.Empty);
    }

    [Test]
    public async Task A_host_that_stores_nothing_here_writes_nothing_here()
    {
        Directory.Delete(folder.Path, recursive: true);

        Assert.That((await LookAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
        Directory.CreateDirectory(folder.Path);
    }

    [Test]
    public async Task Writes_that_fail_make_it_unhealthy_until_one_succeeds()
    {
        var things = storage.Open("things", Schema);
        await things.WriteAsync(session => session.Execute("PRAGMA busy_timeout = 0"));
        using (var other = SqliteSession.Open($"Data Source={folder.File("things.db")};Pooling=False"))
        {
            other.Run("BEGIN IMMEDIATE");
            Assert.That(() => WriteAsync(things, 10), Throws.InstanceOf<SqliteException>(), "while somebody else writes");

            var refused = await LookAsync();
            Assert.That(refused.Status, Is.EqualTo(HealthStatus.Unhealthy));
            Assert.That(refused.Description, Does.StartWith("things.db: ").And.Contain("locked"));
        }

        Assert.That((await LookAsync()).Status, Is.EqualTo(HealthStatus.Healthy), "it tries again by itself");
    }

    [Test]
    public async Task A_folder_that_cannot_be_written_makes_it_unhealthy()
    {
        storage.Open("things", Schema);
        var elsewhere = folder.Path + "-moved";
        Directory.Move(folder.Path, elsewhere);

        var gone = await LookAsync();
        Directory.Move(elsewhere, folder.Path);

        Assert.That(gone.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(gone.Description, Does.Contain("cannot be written"));
        Assert.That((await LookAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task A_damaged_file_makes_it_unhealthy_once_the_damage_is_met()
    {
        await WriteAsync(storage.Open("things", Schema), 100_000);
        await storage.DisposeAsync();
        using (var file = File.OpenWrite(folder.File("things.db")))
        {
            file.Position = 4096 * 3;
            file.Write(new byte[(int)file.Length - (4096 * 3)]);
        }

        storage = TestStorage.Open(folder.Path);
        health.Dispose();
        health = new StorageHealth(storage, clock);
        var things = storage.Open("things", Schema);
        Assert.That(() => things.Read(session => session.Number("SELECT COUNT(*) FROM things WHERE text LIKE '%z'")), Throws.InstanceOf<SqliteException>());

        var damaged = await LookAsync();
        Assert.That(damaged.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(damaged.Description, Does.StartWith("things.db: ").And.Contain("malformed"));
        Assert.That((await LookAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy), "damage does not mend itself");
    }

    [Test]
    public async Task It_looks_at_the_disk_once_a_second_however_often_it_is_asked()
    {
        storage.Open("things", Schema);
        await LookAsync();
        var elsewhere = folder.Path + "-moved";
        Directory.Move(folder.Path, elsewhere);

        var soon = await health.CheckHealthAsync(new HealthCheckContext());
        var later = await LookAsync();
        Directory.Move(elsewhere, folder.Path);

        Assert.That((soon.Status, later.Status), Is.EqualTo((HealthStatus.Healthy, HealthStatus.Unhealthy)));
    }

    [Test]
    public async Task An_audit_reports_a_damaged_file_and_goes_on_with_the_others()
    {
        await WriteAsync(storage.Open("things", Schema), 100_000);
        await WriteAsync(storage.Open("others", Schema), 10);
        await storage.DisposeAsync();
        File.WriteAllText(folder.File("garbage.db"), new string('x', 10_000));
        using (var file = File.OpenWrite(folder.File("things.db")))
        {
            file.Position = 4096 * 3;
            file.Write(new byte[4096 * 3]);
        }

        var report = new InvariantReport();
        await new StorageInvariants(TestStorage.Make(folder.Path, readOnly: true)).RunAsync(report, CancellationToken.None);

        Assert.That(report.Violations, Has.Count.EqualTo(2).And.All.Matches<Violation>(found => found.Promise == "I2"));
        Assert.That(report.Violations.Select(found => found.Text), Has.One.StartsWith("things.db: ").And.One.StartsWith("garbage.db: "));
    }

    private static Task WriteAsync(SqliteDatabase database, int letters) =>
        database.WriteAsync(session => session.Execute("INSERT INTO things(text) VALUES (?1)", new string('a', letters)));

    private Task<HealthCheckResult> LookAsync()
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return health.CheckHealthAsync(new HealthCheckContext());
    }
}
