using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

/// <summary>A file that is missing or older than it was stops the start, by its name.</summary>
public sealed class LostFilesTests
{
    private static readonly string[] Schema = ["CREATE TABLE things(id INTEGER PRIMARY KEY)"];

    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_file_that_is_missing_stops_the_start_and_is_not_made_again()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.Delete(folder.File("stalls.db"));

        Assert.That(OpenAsync, Refuses("stalls.db is missing", "'accept-loss stalls'"));
        Assert.That(folder.File("stalls.db"), Does.Not.Exist);
    }

    [Test]
    public async Task A_file_that_is_empty_stops_the_start()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.WriteAllBytes(folder.File("stalls.db"), []);

        Assert.That(OpenAsync, Refuses("stalls.db is empty"));
        Assert.That(new FileInfo(folder.File("stalls.db")).Length, Is.Zero);
    }

    [Test]
    public async Task Every_lost_file_is_named_before_any_other_is_opened()
    {
        await RunAsync(async storage =>
        {
            await AddAsync(storage, "stalls");
            await AddAsync(storage, "gallery");
            await AddAsync(storage, "foyer");
        });
        File.Delete(folder.File("stalls.db"));
        File.Delete(folder.File("gallery.db"));
        var foyer = File.GetLastWriteTimeUtc(folder.File("foyer.db"));

        Assert.That(OpenAsync, Refuses("gallery.db is missing", "stalls.db is missing", "'accept-loss gallery stalls'"));
        Assert.That(File.GetLastWriteTimeUtc(folder.File("foyer.db")), Is.EqualTo(foyer));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_log_that_is_emptied_or_missing_after_a_crash_stops_the_start(bool isMissing)
    {
        using var crashed = new TempFolder();
        await RunAsync(async storage =>
        {
            await AddAsync(storage, "stalls");
            storage.RecordPositions();
            CopyTo(crashed);
        });
        if (isMissing)
        {
            File.Delete(crashed.File("stalls.db-wal"));
        }
        else
        {
            File.WriteAllBytes(crashed.File("stalls.db-wal"), []);
        }

        // All that the file had was in the log.
        Assert.That(() => OpenAsync(crashed), Refuses("stalls.db holds nothing of this installation", "stalls.db-wal is lost"));
    }

    [Test]
    public async Task A_log_that_is_lost_after_part_of_it_came_into_the_file_stops_the_start()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        using var crashed = new TempFolder();
        await RunAsync(async storage =>
        {
            await AddAsync(storage, "stalls");
            storage.RecordPositions();
            CopyTo(crashed);
        });
        File.WriteAllBytes(crashed.File("stalls.db-wal"), []);

        Assert.That(
            () => OpenAsync(crashed),
            Refuses("stalls.db is older than it was: it is at position 1 and was at 2", "stalls.db-wal is lost")
        );
    }

    [Test]
    public async Task After_a_crash_with_everything_in_place_the_start_goes_on()
    {
        using var crashed = new TempFolder();
        await RunAsync(async storage =>
        {
            await AddAsync(storage, "stalls");
            storage.RecordPositions();
            await AddAsync(storage, "stalls");
            CopyTo(crashed);
        });

        await using var storage = TestStorage.Open(crashed.Path);
        Assert.That(storage.Open("stalls", Schema).Read(session => session.Number("SELECT COUNT(*) FROM things")), Is.EqualTo(2));
    }

    [Test]
    public async Task A_file_that_is_made_after_the_start_is_known_before_anything_is_stored_in_it()
    {
        using var crashed = new TempFolder();
        await RunAsync(storage =>
        {
            storage.RecordPositions();
            storage.Open("stalls", Schema);
            CopyTo(crashed);
            return Task.CompletedTask;
        });
        File.Delete(crashed.File("stalls.db"));

        Assert.That(() => OpenAsync(crashed), Refuses("stalls.db is missing"));
    }

    [Test]
    public async Task An_older_copy_stops_the_start()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.Copy(folder.File("stalls.db"), folder.File("stalls.db.old"));
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.Move(folder.File("stalls.db.old"), folder.File("stalls.db"), overwrite: true);

        Assert.That(OpenAsync, Refuses("stalls.db is older than it was"));
    }

    [Test]
    public async Task A_file_of_another_installation_or_of_another_name_stops_the_start()
    {
        await RunAsync(async storage =>
        {
            await AddAsync(storage, "stalls");
            await AddAsync(storage, "gallery");
        });
        using var other = new TempFolder();
        await using (var storage = TestStorage.Open(other.Path))
        {
            await AddAsync(storage, "stalls");
        }

        File.Copy(folder.File("stalls.db"), folder.File("gallery.db"), overwrite: true);
        File.Copy(other.File("stalls.db"), folder.File("stalls.db"), overwrite: true);

        Assert.That(
            OpenAsync,
            Refuses("stalls.db is another file: it is of another installation", "gallery.db is another file: it is a copy of stalls.db")
        );
    }

    [Test]
    public async Task Without_its_manifest_a_folder_is_not_taken_for_a_new_one()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.Delete(folder.File(Manifest.FileName));

        Assert.That(OpenAsync, Refuses("ticketbooth.files.json is missing, and stalls.db shows that there was one"));
        Assert.That(folder.File(Manifest.FileName), Does.Not.Exist);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{ \"installation\": \"a\" }")]
    public async Task A_manifest_that_cannot_be_read_stops_the_start(string content)
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.WriteAllText(folder.File(Manifest.FileName), content);

        Assert.That(OpenAsync, Refuses("ticketbooth.files.json cannot be read", "'accept-loss ticketbooth.files.json'"));
    }

    [Test]
    public async Task A_folder_of_a_release_without_a_manifest_gets_one()
    {
        await using (var old = SqliteDatabase.Open(folder.File("stalls.db"), Schema, readOnly: false, new PageCaches(16)))
        {
            await old.WriteAsync(session => session.Execute("INSERT INTO things DEFAULT VALUES"));
        }

        using (var session = SqliteSession.Open($"Data Source={folder.File("stalls.db")};Pooling=False"))
        {
            session.Run("DROP TABLE ticketbooth_file");
        }

        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.Delete(folder.File("stalls.db"));

        Assert.That(OpenAsync, Refuses("stalls.db is missing"));
    }

    [Test]
    public async Task An_accepted_loss_lets_the_start_go_on_once()
    {
        await RunAsync(async storage =>
        {
            await AddAsync(storage, "stalls");
            await AddAsync(storage, "gallery");
        });
        File.Delete(folder.File("stalls.db"));

        await AcceptAsync("stalls.db");
        await RunAsync(storage => AddAsync(storage, "stalls"));
        await RunAsync(storage => AddAsync(storage, "gallery"));

        File.Delete(folder.File("stalls.db"));
        Assert.That(OpenAsync, Refuses("stalls.db is missing"));
    }

    [Test]
    public async Task The_loss_of_the_manifest_can_be_accepted()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.Delete(folder.File(Manifest.FileName));

        await AcceptAsync(Manifest.FileName);
        await RunAsync(storage => AddAsync(storage, "stalls"));

        File.Delete(folder.File("stalls.db"));
        Assert.That(OpenAsync, Refuses("stalls.db is missing"));
    }

    [Test]
    public async Task A_loss_of_nothing_is_not_accepted()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));

        Assert.That(() => AcceptAsync("stals"), Refuses("had no file stals.db. It had stalls."));
    }

    [Test]
    public async Task Somebody_who_only_reads_is_told_of_a_lost_file_too()
    {
        await RunAsync(storage => AddAsync(storage, "stalls"));
        File.Delete(folder.File("stalls.db"));

        Assert.That(() => TestStorage.Open(folder.Path, readOnly: true), Refuses("stalls.db is missing"));
    }

    private static NUnit.Framework.Constraints.Constraint Refuses(params string[] problems) =>
        Throws
            .InstanceOf<StorageException>()
            .With.Message.Matches<string>(message => problems.All(problem => message.Contains(problem, StringComparison.Ordinal)));

    private static Task AddAsync(EmbeddedStorage storage, string name) =>
        storage.Open(name, Schema).WriteAsync(session => session.Execute("INSERT INTO things DEFAULT VALUES"));

    private static async Task OpenAsync(TempFolder where)
    {
        await using var storage = TestStorage.Open(where.Path);
        storage.Open("stalls", Schema);
    }

    private Task OpenAsync() => OpenAsync(folder);

    private async Task AcceptAsync(string name)
    {
        await using var storage = TestStorage.Make(folder.Path);
        storage.AcceptLoss([name]);
    }

    /// <summary>Opens the folder, works in it, and closes it again.</summary>
    private async Task RunAsync(Func<EmbeddedStorage, Task> work)
    {
        await using var storage = TestStorage.Open(folder.Path);
        await work(storage);
    }

    /// <summary>What a crash would leave: the files as they are while the folder is in use.</summary>
    private void CopyTo(TempFolder other)
    {
        foreach (var file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(file, other.File(Path.GetFileName(file)));
        }
    }
}
