using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

/// <summary>The backups that a host makes by itself.</summary>
public sealed class BackUpFilesWorkerTests
{
    private static readonly string[] Schema = ["CREATE TABLE things(id INTEGER PRIMARY KEY)"];
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    private TempFolder data = null!;
    private TempFolder shelf = null!;
    private EmbeddedStorage storage = null!;
    private FakeTimeProvider clock = null!;
    private FakeCheck check = null!;
    private ServiceProvider services = null!;

    private BackupStatus Status => services.GetRequiredService<BackupStatus>();

    private List<string> Shelf => [.. Directory.EnumerateFileSystemEntries(shelf.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private string Prefix => $"ticketbooth-{storage.Installation![..8]}-";

    [SetUp]
    public async Task OpenAsync()
    {
        (data, shelf) = (new TempFolder(), new TempFolder());
        storage = TestStorage.Open(data.Path);
        await storage.Open("stalls", Schema).WriteAsync(session => session.Execute("INSERT INTO things DEFAULT VALUES"));
        storage.RecordPositions();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 3, 0, 0, TimeSpan.Zero));
        check = new FakeCheck();
        services = Start();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await services.DisposeAsync();
        await storage.DisposeAsync();
        data.Dispose();
        shelf.Dispose();
    }

    [Test]
    public async Task The_first_backup_comes_at_once_and_the_next_when_it_is_due()
    {
        await RunAsync();
        clock.Advance(Every - TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.That(Shelf, Is.EqualTo([Prefix + "20261130T030000Z.zip"]));

        clock.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.That(Shelf, Is.EqualTo([Prefix + "20261130T030000Z.zip", Prefix + "20261130T090000Z.zip"]));
        Assert.That(Status.LastGood!.Contents.At, Is.EqualTo(clock.GetUtcNow()));
        Assert.That(check.Audits, Is.EqualTo(2));
    }

    [Test]
    public async Task A_backup_that_was_made_before_a_restart_counts()
    {
        await RunAsync();
        await services.DisposeAsync();
        services = Start();
        clock.Advance(TimeSpan.FromHours(5));

        await RunAsync();

        Assert.That(Shelf, Has.Count.EqualTo(1));
        Assert.That(Status.LastGood!.File, Does.EndWith("T030000Z.zip"));
    }

    [Test]
    public async Task So_many_stay_and_older_ones_go_and_other_files_stay()
    {
        await File.WriteAllTextAsync(shelf.File("readme.txt"), "the office's own");
        await File.WriteAllTextAsync(shelf.File("ticketbooth-00000000-20200101T000000Z.zip"), "another installation's");
        Directory.CreateDirectory(shelf.File(Prefix + "20261129T030000Z.zip.part"));
        for (var i = 0; i < 4; i++)
        {
            await RunAsync();
            clock.Advance(Every);
        }

        Assert.That(Shelf, Is.EquivalentTo(new[]
        {
            "readme.txt", "ticketbooth-00000000-20200101T000000Z.zip", Prefix + "20261130T150000Z.zip", Prefix + "20261130T210000Z.zip",
        }));
    }

    [Test]
    public async Task A_backup_whose_audit_finds_something_is_set_apart_and_the_good_ones_stay()
    {
        await RunAsync();
        clock.Advance(Every);
        check.Violations = ["I1  ticket sold twice"];
        await RunAsync();

        Assert.That(Shelf, Is.EqualTo([Prefix + "20261130T030000Z.zip", Prefix + "20261130T090000Z-unsound.zip"]));
        Assert.That(Status.Failure!.Reason, Is.EqualTo("I1  ticket sold twice"));
        Assert.That(Status.LastGood!.File, Does.EndWith("T030000Z.zip"));

        clock.Advance(TimeSpan.FromMinutes(5));
        await RunAsync();
        Assert.That(Shelf, Has.Count.EqualTo(2), "another one would show the same");

        clock.Advance(Every);
        check.Violations = [];
        await RunAsync();
        Assert.That(Status.Failure, Is.Null);
    }

    [Test]
    public async Task A_backup_that_cannot_be_made_is_told_and_tried_again_and_the_good_ones_stay()
    {
        await RunAsync();
        clock.Advance(Every);
        check.Failure = new StorageException("the disk is full");
        Assert.That(RunAsync, Throws.InstanceOf<StorageException>());

        Assert.That(Shelf, Is.EqualTo([Prefix + "20261130T030000Z.zip"]), "nothing half");
        Assert.That(Status.Failure, Is.EqualTo(new BackupFailure(clock.GetUtcNow(), "the disk is full")));

        check.Failure = null;
        clock.Advance(TimeSpan.FromMinutes(5));
        await RunAsync();
        Assert.That(Status.Failure, Is.Null);
        Assert.That(Shelf, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_backup_of_the_folder_that_was_cut_off_counts_as_none()
    {
        await RunAsync();
        var file = shelf.File(Prefix + "20261130T030000Z.zip");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..100]);
        await services.DisposeAsync();
        services = Start();
        clock.Advance(TimeSpan.FromMinutes(5));

        await RunAsync();

        Assert.That(Status.LastGood!.File, Does.EndWith("T030500Z.zip"));
    }

    [Test]
    public async Task The_age_of_the_last_good_backup_is_a_metric()
    {
        await RunAsync();
        clock.Advance(TimeSpan.FromMinutes(3));
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, on) =>
        {
            if (instrument.Name.StartsWith("ticketbooth.backup.", StringComparison.Ordinal) && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
            {
                on.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => figures[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.That(figures["ticketbooth.backup.age"], Is.EqualTo(180));
        Assert.That(figures["ticketbooth.backup.size"], Is.GreaterThan(0));
    }

    [TestCase("ConnectionStrings:MongoDb")]
    [TestCase("ConnectionStrings:MySql")]
    [TestCase("ConnectionStrings:Kafka")]
    public void With_a_server_the_setting_is_refused_and_names_the_page(string server)
    {
        var failure = Validate(new BackupOptions { Path = shelf.Path }, server);

        Assert.That(failure, Does.StartWith($"Backup:Path: {server} is set").And.Contain("docs/operations.md"));
    }

    [Test]
    public void A_path_in_the_folder_of_the_files_is_refused() =>
        Assert.That(Validate(new BackupOptions { Path = data.File("backups") }), Does.StartWith("Backup:Path: ").And.Contain("is in Storage:Path"));

    private string? Validate(BackupOptions options, string? server = null)
    {
        var settings = new Microsoft.Extensions.Configuration.ConfigurationManager();
        if (server is not null)
        {
            settings[server] = "somewhere";
        }

        return new BackupPlace(settings, Options.Create(new StorageOptions { Path = data.Path }), new HostingEnvironment { ContentRootPath = Path.GetTempPath() })
            .Validate(null, options).FailureMessage;
    }

    private Task RunAsync() => services.GetRequiredService<BackUpFilesWorker>().RunOnceAsync(CancellationToken.None);

    private ServiceProvider Start() => new ServiceCollection()
        .AddLogging()
        .AddMetrics()
        .AddSingleton<TimeProvider>(clock)
        .AddSingleton<ILeases, SingleHost>()
        .AddSingleton<IHostEnvironment>(new HostingEnvironment { ContentRootPath = Path.GetTempPath() })
        .AddSingleton(Options.Create(new BackupOptions { Path = shelf.Path, Every = Every, Keep = 2 }))
        .AddSingleton<IBackupCheck>(check)
        .AddSingleton(provider => new BackupMaker(storage, check, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<BackupStatus>()
        .AddSingleton(storage)
        .AddWorker<BackUpFilesWorker>()
        .BuildServiceProvider();

    private sealed class FakeCheck : IBackupCheck
    {
        public int Audits { get; private set; }

        public IReadOnlyList<string> Violations { get; set; } = [];

        public Exception? Failure { get; set; }

        public Task<IReadOnlyList<string>> AuditAsync(string folder, CancellationToken cancellationToken)
        {
            Assert.That(Path.Combine(folder, "stalls.db"), Does.Exist);
            Audits++;
            return Failure is null ? Task.FromResult(Violations) : throw Failure;
        }

        public Task OpenAsync(string folder, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
