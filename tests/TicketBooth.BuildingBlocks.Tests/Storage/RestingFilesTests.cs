using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

/// <summary>A file that nobody uses has no thread and is not open; who uses it again finds it as it was.</summary>
[Platform("Linux", Reason = "what is open is read from /proc")]
public sealed class RestingFilesTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);

    private static readonly string[] Schema = ["CREATE TABLE things(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)", SqliteOutbox.Schema, SqliteOutbox.Pages];

    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task Is_closed_and_opened_again_by_a_write_and_by_a_read()
    {
        await using var database = Open("a");
        await AddAsync(database);
        await RestAsync(database);
        Assert.That(File.Exists(database.File + "-wal"), Is.False, "the log is in the file");

        await AddAsync(database);
        await RestAsync(database);

        Assert.That(Count(database), Is.EqualTo(2));
        Assert.That(IsOpen(database), Is.True);
        await RestAsync(database);
    }

    [Test]
    public async Task Has_the_same_rules_after_it_was_opened_again()
    {
        await using var database = Open("a");
        var before = await RulesAsync(database);
        await RestAsync(database);

        Assert.That(await RulesAsync(database), Is.EqualTo(before).And.EqualTo("wal 2 4000 2 1 3000"));
    }

    [Test]
    public async Task Writes_that_come_while_it_closes_are_all_done_and_in_order()
    {
        const int Callers = 8;
        const int Writes = 150;
        await using var database = Open("a");
        await AddAsync(database);

        // Pauses around the millisecond after which the file is closed.
        var written = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var ids = new List<long>();
            var random = new Random(caller);
            for (var i = 0; i < Writes; i++)
            {
                ids.Add(await AddAsync(database).WaitAsync(TimeSpan.FromMinutes(1)));
                database.CloseReaders(TimeSpan.Zero);
                Assert.That(Count(database), Is.GreaterThanOrEqualTo(ids[^1]));
                Thread.Sleep(TimeSpan.FromMilliseconds(random.NextDouble() * 3));
            }

            return ids;
        })));

        Assert.That(written.SelectMany(ids => ids).Order(), Is.EqualTo(Enumerable.Range(2, Callers * Writes).Select(id => (long)id)));
        Assert.That(written, Has.All.Ordered);
        Assert.That(Count(database), Is.EqualTo(1 + (Callers * Writes)));
    }

    [Test]
    public async Task Disposing_meets_a_file_that_rests_or_is_about_to()
    {
        for (var i = 0; i < 30; i++)
        {
            var database = Open($"file-{i}");
            await AddAsync(database);
            Thread.Sleep(i % 4);
            await database.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.That(() => AddAsync(database), Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public async Task A_file_that_is_gone_meanwhile_is_not_made_anew()
    {
        await using var database = Open("a");
        await AddAsync(database);
        await RestAsync(database);
        File.Move(database.File, folder.File("kept"));

        Assert.That(() => AddAsync(database), Throws.InstanceOf<SqliteException>());
        Assert.That(() => Count(database), Throws.InstanceOf<SqliteException>());
        Assert.That(File.Exists(database.File), Is.False);

        File.Move(folder.File("kept"), database.File);
        Assert.That(await AddAsync(database), Is.EqualTo(2), "and works again when it is back");
    }

    [Test]
    public async Task A_file_that_was_replaced_by_an_older_one_is_not_written()
    {
        await using var database = Open("a");
        await AddAsync(database);
        await RestAsync(database);
        File.Copy(database.File, folder.File("older"));
        await AddAsync(database);
        await RestAsync(database);
        File.Copy(folder.File("older"), database.File, overwrite: true);

        Assert.That(() => AddAsync(database), Throws.InstanceOf<SqliteException>().With.Message.Contains("replaced"));
        Assert.That(database.Trouble.Damage, Does.Contain("replaced"), "and /health/ready says so");
    }

    [Test]
    public async Task What_is_asked_of_every_file_all_the_time_does_not_open_it_and_is_right()
    {
        await using var database = Open("a");
        var outbox = new SqliteOutbox("a", database);
        var now = new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero);
        await outbox.SubscribeAsync("module");
        await database.WriteAsync(session => SqliteOutbox.Append(session, Entry(now), Entry(now)));
        await database.WriteAsync(session => SqliteOutbox.TryEnter(session, new InboxKey("consumer", Guid.CreateVersion7(now))));
        await AskAsync(expected: 2);
        await RestAsync(database);

        await AskAsync(expected: 2);
        Assert.That(IsOpen(database), Is.False);

        await outbox.AcknowledgeAsync(new Dictionary<string, long>(StringComparer.Ordinal) { ["module"] = 2 });
        await AskAsync(expected: 0);
        await outbox.ForgetMessagesAsync(now.AddMilliseconds(1));
        Assert.That(database.Read(session => session.Number("SELECT COUNT(*) FROM inbox")), Is.Zero);

        async Task AskAsync(long expected)
        {
            Assert.That(await outbox.DepthAsync(CancellationToken.None), Is.EqualTo(expected));
            await outbox.ForgetMessagesAsync(now);
        }
    }

    [Test]
    public async Task What_is_remembered_is_old_when_something_was_written_meanwhile()
    {
        await using var database = Open("a", TimeSpan.FromMinutes(1));
        var asked = 0;
        var count = new SinceWritten<long>(database, session =>
        {
            asked++;
            return session.Number("SELECT COUNT(*) FROM things");
        });

        Assert.That((count.Get(), count.Get(), asked), Is.EqualTo((0L, 0L, 1)));
        await AddAsync(database);
        Assert.That((count.Get(), count.Get(), asked), Is.EqualTo((1L, 1L, 2)));
    }

    [Test]
    public async Task Who_only_reads_remembers_nothing_because_others_may_write()
    {
        await using var database = Open("a");
        await AddAsync(database);
        await using var reader = SqliteDatabase.Open(database.File, Schema, readOnly: true, new PageCaches(16));
        var count = new SinceWritten<long>(reader, session => session.Number("SELECT COUNT(*) FROM things"));
        Assert.That(count.Get(), Is.EqualTo(1));

        await AddAsync(database);

        Assert.That(count.Get(), Is.EqualTo(2));
    }

    private static OutboxEntry Entry(DateTimeOffset at) =>
        new(Guid.CreateVersion7(at), "type", Guid.CreateVersion7(at), new byte[] { 1 }, Guid.CreateVersion7(at), null, at);

    private static Task<long> AddAsync(SqliteDatabase database) =>
        database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO things(name) VALUES ('lamp')");
            return session.Number("SELECT MAX(id) FROM things");
        });

    private static long Count(SqliteDatabase database) => database.Read(session => session.Number("SELECT COUNT(*) FROM things"));

    private static Task<string> RulesAsync(SqliteDatabase database) =>
        database.WriteAsync(session => string.Join(' ', new[] { "journal_mode", "synchronous", "wal_autocheckpoint", "secure_delete", "foreign_keys", "busy_timeout" }
            .Select(pragma => session.First($"PRAGMA {pragma}", row => row.GetString(0)))));

    /// <summary>Waits until the file has neither a thread nor a connection.</summary>
    private static Task RestAsync(SqliteDatabase database) => Soon.Async(
        () =>
        {
            database.CloseReaders(TimeSpan.Zero);
            return !IsOpen(database) && !HasThread(database);
        },
        "the file to be closed");

    private static bool IsOpen(SqliteDatabase database) =>
        new DirectoryInfo("/proc/self/fd").EnumerateFiles().Select(file => file.LinkTarget).Any(target => target?.StartsWith(database.File, StringComparison.Ordinal) == true);

    /// <summary>The system knows the first 15 letters of a thread's name.</summary>
    private static bool HasThread(SqliteDatabase database) =>
        Directory.EnumerateFiles("/proc/self/task", "comm", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true })
            .Any(file => NameIn(file) == $"writer of {Path.GetFileName(database.File)}"[..Math.Min(15, 10 + Path.GetFileName(database.File).Length)]);

    private static string? NameIn(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (IOException)
        {
            // The thread has just ended.
            return null;
        }
    }

    private SqliteDatabase Open(string name, TimeSpan? rest = null) =>
        SqliteDatabase.Open(folder.File(name + ".db"), Schema, readOnly: false, new PageCaches(16), "installation", rest: rest ?? AtOnce);
}
