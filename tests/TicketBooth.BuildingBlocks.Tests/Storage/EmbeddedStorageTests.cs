using System.Diagnostics;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

public sealed class EmbeddedStorageTests
{
    private static readonly string[] Schema = ["CREATE TABLE things(id INTEGER PRIMARY KEY)"];

    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task Makes_the_folder_when_it_is_missing()
    {
        var missing = folder.File("deep/down");

        await using var storage = TestStorage.Open(missing);

        Assert.That(storage.Folder, Is.EqualTo(missing));
        Assert.That(missing, Does.Exist);
    }

    [Test]
    public void Names_the_setting_when_the_folder_cannot_be_made()
    {
        File.WriteAllText(folder.File("file"), "in the way");

        Assert.That(() => TestStorage.Open(folder.File("file/data")), Throws.InstanceOf<StorageException>().With.Message.StartsWith("Storage:Path: "));
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_told_as_what_it_is()
    {
        // The system refuses to create a file there, also for root.
        Assert.That(() => TestStorage.Open("/proc/self"), Throws.InstanceOf<StorageException>()
            .With.Message.StartsWith("Storage:Path: the folder /proc/self cannot be written: ").And.Message.Not.Contain("another process"));
    }

    [Test]
    public async Task Refuses_a_second_owner_in_the_same_process()
    {
        await using var storage = TestStorage.Open(folder.Path);

        Assert.That(() => TestStorage.Open(folder.Path), Throws.InstanceOf<StorageException>()
            .With.Message.Contains("another process already serves the files in " + folder.Path));
    }

    [Test]
    public async Task Refuses_a_second_process_and_says_why()
    {
        await using var storage = TestStorage.Open(folder.Path);
        using var second = StartSecond();

        var said = await second.StandardOutput.ReadToEndAsync().WithinDeadlineAsync();

        Assert.That(said, Does.Contain($"Storage:Path: another process already serves the files in {folder.Path}."));
    }

    [Test]
    public async Task Another_process_keeps_us_out_until_it_is_killed()
    {
        using var second = StartSecond();
        Assert.That(await second.StandardOutput.ReadLineAsync().WithinDeadlineAsync(), Is.EqualTo("owned"));
        Assert.That(() => TestStorage.Open(folder.Path), Throws.InstanceOf<StorageException>());

        second.Kill();
        await second.WaitForExitAsync().WithinDeadlineAsync();

        await using var storage = TestStorage.Open(folder.Path);
        Assert.That(storage.Open("things", Schema).Read(session => session.Number("SELECT COUNT(*) FROM things")), Is.Zero);
    }

    [Test]
    public async Task The_folder_is_free_again_after_the_owner_is_gone()
    {
        await TestStorage.Open(folder.Path).DisposeAsync();

        await using var next = TestStorage.Open(folder.Path);
        Assert.That(next.ReadOnly, Is.False);
    }

    [Test]
    public async Task Opens_a_file_once()
    {
        await using var storage = TestStorage.Open(folder.Path);

        var database = storage.Open("things", Schema);

        Assert.That(storage.Open("things", Schema), Is.SameAs(database));
        Assert.That(database.File, Is.EqualTo(folder.File("things.db")));
    }

    [Test]
    public async Task Looks_beside_a_serving_owner_without_writing()
    {
        await using var owner = TestStorage.Open(folder.Path);
        await owner.Open("things", Schema).WriteAsync(session => session.Execute("INSERT INTO things VALUES (7)"));

        await using var looker = TestStorage.Open(folder.Path, readOnly: true);
        var things = looker.Open("things", Schema);

        Assert.That(things.Read(session => session.Number("SELECT id FROM things")), Is.EqualTo(7));
        Assert.That(() => things.WriteAsync(session => session.Execute("DELETE FROM things")), Throws.InvalidOperationException.With.Message.Contains("reading only"));
        Assert.That(
            () => things.Read(session => session.Execute("DELETE FROM things")), Throws.InstanceOf<Microsoft.Data.Sqlite.SqliteException>(), "not even around WriteAsync");
    }

    [Test]
    public void Looking_at_a_folder_that_is_not_there_names_the_setting()
    {
        var missing = folder.File("missing");

        Assert.That(() => TestStorage.Open(missing, readOnly: true), Throws.InstanceOf<StorageException>().With.Message.EqualTo($"Storage:Path: there is no folder {missing}."));
        Assert.That(missing, Does.Not.Exist);
    }

    [Test]
    public async Task Looking_at_a_file_that_is_not_there_does_not_make_it()
    {
        await using var looker = TestStorage.Open(folder.Path, readOnly: true);

        Assert.That(() => looker.Open("things", Schema), Throws.InstanceOf<StorageException>().With.Message.Contains("things.db cannot be opened"));
        Assert.That(folder.File("things.db"), Does.Not.Exist);
    }

    [Test]
    public void Refuses_a_file_that_is_not_a_database()
    {
        File.WriteAllText(folder.File("things.db"), new string('x', 10_000));

        Assert.That(
            async () =>
            {
                await using var storage = TestStorage.Open(folder.Path);
                storage.Open("things", Schema);
            },
            Throws.InstanceOf<StorageException>().With.Message.Contains("things.db cannot be opened"));
    }

    /// <summary>This assembly as a process of its own; see Program.cs.</summary>
    private Process StartSecond()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet")
        {
            start.FileName = "dotnet";
        }

        start.ArgumentList.Add(typeof(EmbeddedStorageTests).Assembly.Location);
        start.ArgumentList.Add(folder.Path);
        return Process.Start(start)!;
    }
}
