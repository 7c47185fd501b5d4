using System.IO.Compression;
using System.Text.Json.Nodes;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

/// <summary>From a folder into an archive and back.</summary>
public sealed class BackupTests
{
    private static readonly string[] Schema = ["CREATE TABLE things(id INTEGER PRIMARY KEY)", "CREATE INDEX things_id ON things(id)"];

    private TempFolder data = null!;
    private TempFolder shelf = null!;
    private TempFolder target = null!;

    private string Archive => shelf.File("b.zip");

    [SetUp]
    public void MakeFolders() => (data, shelf, target) = (new TempFolder(), new TempFolder(), new TempFolder());

    [TearDown]
    public void RemoveFolders()
    {
        data.Dispose();
        shelf.Dispose();
        target.Dispose();
    }

    [Test]
    public async Task What_is_restored_is_what_was_there_and_opens()
    {
        await using (var storage = TestStorage.Open(data.Path))
        {
            await AddAsync(storage, "stalls");
            await AddAsync(storage, "gallery");
            storage.RecordPositions();
            Directory.CreateDirectory(data.File("keys"));
            await File.WriteAllTextAsync(data.File("keys/key-1.xml"), "<key/>");
            var written = Write();
            Assert.That(
                written.Contents.Files.Select(file => (file.Name, file.Schema)),
                Is.EquivalentTo([("gallery.db", "2"), ("stalls.db", "2"), ("keys/key-1.xml", null), ("ticketbooth.files.json", (string?)null)]));
            Assert.That(written.Bytes, Is.EqualTo(new FileInfo(Archive).Length));

            // A later write is not in it.
            await AddAsync(storage, "stalls");
        }

        await RestoreAsync();

        Assert.That(await File.ReadAllTextAsync(target.File("keys/key-1.xml")), Is.EqualTo("<key/>"));
        Assert.That(target.File("ticketbooth.restoring"), Does.Not.Exist);
        await using var restored = TestStorage.Open(target.Path);
        Assert.That(restored.Open("stalls", Schema).Read(session => session.Number("SELECT COUNT(*) FROM things")), Is.EqualTo(1));
        Assert.That(restored.Installation, Is.EqualTo(Contents().Installation));
    }

    [Test]
    public async Task Only_the_user_of_the_host_may_read_a_backup_and_what_is_restored()
    {
        await FillAsync();
        Write();
        await RestoreAsync();
        if (OperatingSystem.IsWindows())
        {
            // Rights come from the folder there.
            return;
        }

        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.That(File.GetUnixFileMode(Archive), Is.EqualTo(Private));
        Assert.That(File.GetUnixFileMode(target.File("stalls.db")), Is.EqualTo(Private));
    }

    [Test]
    public void A_folder_with_nothing_in_it_gives_no_backup() =>
        Assert.That(Write, Throws.InstanceOf<StorageException>().With.Message.Contains("nothing to back up"));

    [Test]
    public async Task A_folder_that_has_lost_a_file_gives_no_backup()
    {
        await FillAsync();
        File.Delete(data.File("stalls.db"));

        Assert.That(Write, Throws.InstanceOf<StorageException>().With.Message.Contains("stalls.db is missing"));
    }

    [Test]
    public async Task A_file_that_is_there_is_not_replaced()
    {
        await FillAsync();
        await File.WriteAllTextAsync(Archive, "yesterday's");

        Assert.That(Write, Throws.InstanceOf<StorageException>().With.Message.Contains("exists already"));
        Assert.That(await File.ReadAllTextAsync(Archive), Is.EqualTo("yesterday's"));
    }

    [Test]
    public async Task A_backup_that_is_stopped_leaves_nothing_behind()
    {
        await FillAsync();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.That(() => Writer().Write(Archive, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.EnumerateFileSystemEntries(shelf.Path), Is.Empty);
    }

    [Test]
    public async Task What_a_killed_backup_left_is_removed_by_the_next_one()
    {
        await FillAsync();
        Directory.CreateDirectory(Archive + ".part/copy");
        await File.WriteAllTextAsync(Archive + ".part/archive.zip", "half");

        Write();

        Assert.That(Directory.EnumerateFileSystemEntries(shelf.Path), Is.EqualTo([Archive]));
    }

    [Test]
    public async Task A_file_that_is_half_written_or_goes_meanwhile_is_left_out()
    {
        await FillAsync();
        Directory.CreateDirectory(data.File("mails"));
        await File.WriteAllTextAsync(data.File("mails/1.eml"), "whole");
        await File.WriteAllTextAsync(data.File("mails/2.eml.part"), "ha");

        // Listed, and not to be opened, as a file that was removed in between.
        File.CreateSymbolicLink(data.File("mails/3.eml"), data.File("mails/gone"));

        Assert.That(
            Write().Contents.Files.Select(file => file.Name).Where(name => name.StartsWith("mails", StringComparison.Ordinal)),
            Is.EqualTo(["mails/1.eml"]));
    }

    [Test]
    public async Task Two_backups_into_one_file_do_not_run_at_a_time()
    {
        await FillAsync();
        using var first = new WorkFolder(Archive + ".part");

        Assert.That(Write, Throws.InstanceOf<StorageException>().With.Message.Contains("another process"));
    }

    [Test]
    public void A_file_that_is_no_backup_is_refused()
    {
        File.WriteAllText(Archive, "a letter");

        Assert.That(RestoreAsync, Refuses(BackupFault.Foreign, "no backup of TicketBooth"));
        AssertNothingIsRestored();
    }

    [Test]
    public void An_archive_of_something_else_is_refused()
    {
        using (var zip = ZipFile.Open(Archive, ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("holiday-pictures-of-last-year.txt").Open();
            entry.Write("sun"u8);
        }

        Assert.That(RestoreAsync, Refuses(BackupFault.Foreign, "no backup of TicketBooth"));
    }

    [Test]
    public async Task A_backup_of_which_a_part_is_missing_is_refused_wherever_it_ends()
    {
        await FillAsync();
        Write();
        var whole = await File.ReadAllBytesAsync(Archive);
        foreach (var length in new[] { 60, whole.Length / 4, whole.Length / 2, whole.Length - 1 })
        {
            await File.WriteAllBytesAsync(Archive, whole[..length]);
            Assert.That(RestoreAsync, Refuses(BackupFault.Damaged, "is damaged"), $"{length} of {whole.Length} bytes");
            AssertNothingIsRestored();
        }
    }

    [Test]
    public async Task A_backup_with_an_altered_byte_is_refused_or_restored_whole()
    {
        await FillAsync();
        Write();
        var whole = await File.ReadAllBytesAsync(Archive);
        var refused = 0;
        for (var i = 60; i < whole.Length; i += 41)
        {
            var altered = (byte[])whole.Clone();
            altered[i] ^= 0x55;
            await File.WriteAllBytesAsync(Archive, altered);
            try
            {
                await RestoreAsync();

                // The byte was of a time or an attribute of an entry. The content is checked by its hash.
                await using var restored = TestStorage.Open(target.Path);
                restored.Open("stalls", Schema).Read(session => session.Number("SELECT COUNT(*) FROM things"));
            }
            catch (BackupException refusal)
            {
                Assert.That(refusal.Fault, Is.Not.EqualTo(BackupFault.Foreign), $"byte {i}");
                refused++;
                AssertNothingIsRestored();
            }

            target.Dispose();
            target = new TempFolder();
        }

        Assert.That(refused, Is.GreaterThan(whole.Length / 41 / 2));
    }

    [Test]
    public async Task A_backup_of_a_newer_format_is_refused_with_the_release_that_made_it()
    {
        await FillAsync();
        Write();
        Edit("backup.json", text =>
        {
            var contents = JsonNode.Parse(text)!;
            contents["format"] = 2;
            contents["version"] = "9.1.0";
            return contents.ToString();
        });

        Assert.That(RestoreAsync, Refuses(BackupFault.Newer, "a newer release (9.1.0)"));
    }

    [Test]
    public async Task A_backup_that_would_write_outside_of_the_folder_is_refused()
    {
        await FillAsync();
        Write();
        Edit("backup.json", text => text.Replace("stalls.db", "../stalls.db", StringComparison.Ordinal));

        Assert.That(RestoreAsync, Refuses(BackupFault.Damaged, "outside of the folder"));
        AssertNothingIsRestored();
    }

    [Test]
    public async Task A_folder_that_is_not_empty_is_left_as_it_is()
    {
        await FillAsync();
        Write();
        await File.WriteAllTextAsync(target.File("todo.txt"), "buy milk");

        Assert.That(RestoreAsync, Throws.InstanceOf<StorageException>().With.Message.Contains("is not empty"));
        Assert.That(Directory.EnumerateFileSystemEntries(target.Path), Is.EqualTo([target.File("todo.txt")]));
    }

    [Test]
    public async Task A_folder_that_a_host_serves_is_left_as_it_is()
    {
        await FillAsync();
        Write();
        await using var serving = TestStorage.Open(target.Path);

        Assert.That(RestoreAsync, Throws.InstanceOf<StorageException>().With.Message.Contains("another process already serves"));
    }

    [Test]
    public async Task Files_that_do_not_pass_the_look_are_not_put_in_place()
    {
        await FillAsync();
        Write();
        using var archive = BackupArchive.Open(Archive);

        Assert.That(
            () => FolderRestore.RunAsync(archive, target.Path, _ => throw new StorageException("too new"), CancellationToken.None),
            Throws.InstanceOf<StorageException>().With.Message.EqualTo("too new"));
        AssertNothingIsRestored();
    }

    [Test]
    public async Task A_restore_that_was_killed_half_way_stops_the_start_and_the_next_restore()
    {
        await FillAsync();
        Write();
        Directory.CreateDirectory(target.File("ticketbooth.restoring"));
        File.Copy(data.File("stalls.db"), target.File("stalls.db"));

        Assert.That(() => TestStorage.Open(target.Path), Throws.InstanceOf<StorageException>().With.Message.Contains("was not finished"));
        Assert.That(RestoreAsync, Throws.InstanceOf<StorageException>().With.Message.Contains("is not empty"));
    }

    private async Task FillAsync()
    {
        await using var storage = TestStorage.Open(data.Path);
        await AddAsync(storage, "stalls");
    }

    private static Task AddAsync(EmbeddedStorage storage, string name) =>
        storage.Open(name, Schema).WriteAsync(session => session.Execute("INSERT INTO things DEFAULT VALUES"));

    private BackupWriter Writer() => new(data.Path, "1.0.0", TimeProvider.System);

    private WrittenBackup Write() => Writer().Write(Archive, CancellationToken.None);

    private BackupContents Contents()
    {
        using var archive = BackupArchive.Open(Archive);
        return archive.Contents;
    }

    private async Task RestoreAsync()
    {
        using var archive = BackupArchive.Open(Archive);
        await FolderRestore.RunAsync(archive, target.Path, _ => Task.CompletedTask, CancellationToken.None);
    }

    private void Edit(string name, Func<string, string> edit)
    {
        using var zip = ZipFile.Open(Archive, ZipArchiveMode.Update);
        string text;
        using (var reader = new StreamReader(zip.GetEntry(name)!.Open()))
        {
            text = edit(reader.ReadToEnd());
        }

        zip.GetEntry(name)!.Delete();
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }

    private void AssertNothingIsRestored() =>
        Assert.That(Directory.EnumerateFileSystemEntries(target.Path).Select(Path.GetFileName), Is.SubsetOf(["ticketbooth.lock"]));

    private static NUnit.Framework.Constraints.IResolveConstraint Refuses(BackupFault fault, string text) =>
        Throws.InstanceOf<BackupException>().With.Message.Contains(text).And.Property(nameof(BackupException.Fault)).EqualTo(fault);
}
