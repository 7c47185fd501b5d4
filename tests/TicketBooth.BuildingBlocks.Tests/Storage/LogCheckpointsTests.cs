using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

public sealed class LogCheckpointsTests
{
    private const int PageSize = 4096;
    private const int PagesOfAWrite = 1000;

    // The log holds what came while a checkpoint ran, and the write that went over the bound.
    private const long LargestLog = (LogCheckpoints.MostPages + (2 * PagesOfAWrite)) * (PageSize + 24L);

    // Other pages each time, so that a log that is never begun anew grows by all of them.
    private const string Write = """
        INSERT INTO pages(content)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000) SELECT zeroblob(3500) FROM numbers
        """;

    private TempFolder folder = null!;
    private SqliteDatabase database = null!;

    [SetUp]
    public void Open()
    {
        folder = new TempFolder();
        database = Open("pages.db");
    }

    [TearDown]
    public async Task Close()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task The_log_of_a_busy_writer_has_a_bound()
    {
        for (var written = 0; written < 3 * LogCheckpoints.MostPages; written += PagesOfAWrite)
        {
            await database.WriteAsync(session => session.Execute(Write));
            Assert.That(new FileInfo(database.File + "-wal").Length, Is.LessThan(LargestLog));
        }

        Assert.That(database.Trouble.Refusal, Is.Null);
    }

    [Test]
    public async Task What_was_committed_is_there_after_a_crash_whatever_a_checkpoint_was_doing()
    {
        for (var writes = 1; writes <= 2 * LogCheckpoints.UsualPages / PagesOfAWrite; writes++)
        {
            await database.WriteAsync(session => session.Execute(Write));

            // The log first: what a checkpoint copies in between is in both then.
            File.Copy(database.File + "-wal", folder.File("crashed.db-wal"), overwrite: true);
            File.Copy(database.File, folder.File("crashed.db"), overwrite: true);
            await using (var crashed = Open("crashed.db"))
            {
                Assert.That(crashed.Read(session => session.Number("SELECT COUNT(*) FROM pages")), Is.EqualTo(writes * PagesOfAWrite));
                Assert.That(crashed.Read(session => session.First("PRAGMA integrity_check", row => row.GetString(0))), Is.EqualTo("ok"));
            }
        }
    }

    [Test]
    public async Task A_reader_that_sees_the_past_holds_a_checkpoint_up_but_no_write()
    {
        using var reader = SqliteSession.Open($"Data Source={database.File};Pooling=False");
        reader.Execute("BEGIN");
        Assert.That(reader.Number("SELECT COUNT(*) FROM pages"), Is.Zero);
        for (var written = 0; written <= LogCheckpoints.MostPages; written += PagesOfAWrite)
        {
            await database.WriteAsync(session => session.Execute(Write));
        }

        Assert.That(reader.Number("SELECT COUNT(*) FROM pages"), Is.Zero, "its moment");
        reader.Execute("COMMIT");
        var log = new FileInfo(database.File + "-wal");
        var longest = log.Length;
        for (var written = 0; written <= LogCheckpoints.MostPages; written += PagesOfAWrite)
        {
            await database.WriteAsync(session => session.Execute(Write));
        }

        log.Refresh();
        Assert.That(log.Length, Is.LessThan(longest + LargestLog), "the log is begun anew once nobody reads its past");
    }

    private SqliteDatabase Open(string name) =>
        SqliteDatabase.Open(folder.File(name), ["CREATE TABLE pages(content BLOB)"], readOnly: false, new PageCaches(16));
}
