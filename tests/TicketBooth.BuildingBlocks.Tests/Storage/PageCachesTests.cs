using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

/// <summary>The memory of SQLite belongs to the process, so nothing else may use it meanwhile.</summary>
[NonParallelizable]
public sealed class PageCachesTests
{
    private const int Megabytes = 16;
    private const int Slack = 1_000_000;

    private const string Fill = """
        INSERT INTO pages(content)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000) SELECT zeroblob(3500) FROM numbers
        """;

    private static readonly string[] Schema = ["CREATE TABLE pages(content BLOB)"];

    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task All_files_together_keep_to_the_budget()
    {
        var databases = Enumerable.Range(0, 8).Select(Open).ToList();
        foreach (var database in databases)
        {
            await database.WriteAsync(session => session.Execute(Fill));
            Assert.That(database.Read(session => session.Number("SELECT SUM(length(content)) FROM pages")), Is.EqualTo(7_000_000));
            Assert.That(SQLitePCL.raw.sqlite3_memory_used(), Is.LessThan((Megabytes * 1024 * 1024) + Slack));
        }

        databases.ForEach(database => database.DisposeAsync().AsTask().Wait());
    }

    [Test]
    public async Task A_writer_that_rests_gives_its_pages_back()
    {
        await using var prepared = Open(0);
        var before = SQLitePCL.raw.sqlite3_memory_used();
        var session = SqliteSession.Open($"Data Source={prepared.File};Pooling=False");
        session.Run(new PageCaches(Megabytes).OfWriter);
        var writer = new SqliteWriter(_ => session, session, prepared.File, position: 0, new FileTrouble(), patience: TimeSpan.FromMilliseconds(1));

        for (var round = 0; round < 2; round++)
        {
            await writer.WriteAsync(filled => filled.Execute(Fill));
            await Soon.Async(() => SQLitePCL.raw.sqlite3_memory_used() < before + Slack, "the pages to be given back");
        }

        await writer.CloseAsync();
    }

    private SqliteDatabase Open(int number) =>
        SqliteDatabase.Open(folder.File($"stalls-{number}.db"), Schema, readOnly: false, new PageCaches(Megabytes));
}
