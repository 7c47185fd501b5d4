using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

public sealed class SqliteDatabaseTests
{
    private static readonly string[] Schema =
    [
        "CREATE TABLE things(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
        "ALTER TABLE things ADD COLUMN color TEXT; UPDATE things SET color = 'unknown'",
        "CREATE UNIQUE INDEX things_name ON things(name); CREATE TABLE parts(thing INTEGER NOT NULL REFERENCES things(id) DEFERRABLE INITIALLY DEFERRED)",
    ];

    private TempFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_sweep_lets_the_changes_of_others_in_between()
    {
        await using var database = Open(Schema);
        await database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('lamp'), ('chair'), ('table')"));
        Task<long>? other = null;

        await database.SweepAsync(session =>
        {
            // Comes while the first page is removed.
            other ??= database.WriteAsync(beside => beside.Number("SELECT COUNT(*) FROM things"));
            return session.Execute("DELETE FROM things WHERE id IN (SELECT id FROM things LIMIT 1)");
        });

        Assert.That(await other!, Is.EqualTo(2), "after one page of three");
        Assert.That(database.Read(session => session.Number("SELECT COUNT(*) FROM things")), Is.Zero);
    }

    [Test]
    public async Task Upgrades_from_every_older_version_and_keeps_what_is_there([Range(0, 3)] int version)
    {
        await using (var old = Open(Schema[..version]))
        {
            if (version > 0)
            {
                await old.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('lamp')"));
            }
        }

        await using var database = Open(Schema);

        Assert.That(database.Read(session => session.Number("PRAGMA user_version")), Is.EqualTo(Schema.Length));
        Assert.That(
            database.Read(session => session.Query("SELECT name || ' ' || COALESCE(color, 'none') FROM things", row => row.GetString(0))),
            Is.EqualTo(
                version switch
                {
                    0 => [],
                    1 => ["lamp unknown"],
                    _ => (string[])["lamp none"],
                }
            )
        );
    }

    [TestCase(false)]
    [TestCase(true)]
    [UnsupportedOSPlatform("windows")]
    [Platform(Exclude = "Win")]
    public async Task Nobody_else_on_the_machine_can_read_the_file_whoever_made_it(bool existed)
    {
        if (existed)
        {
            await using (var former = Open(Schema))
            {
                await former.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('lamp')"));
                Directory.GetFiles(folder.Path).ToList().ForEach(file => File.Copy(file, file + ".copy"));
            }

            // As a host that was killed leaves them.
            Directory.GetFiles(folder.Path, "*.copy").ToList().ForEach(file => File.Move(file, file[..^".copy".Length], overwrite: true));
            foreach (var file in Directory.GetFiles(folder.Path))
            {
                File.SetUnixFileMode(
                    file,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
                );
            }
        }

        await using var database = Open(Schema);
        await database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('chair')"));

        var files = Directory.GetFiles(folder.Path);
        Assert.That(files, Has.Length.EqualTo(3), "the database, its WAL and its index");
        Assert.That(files.Select(File.GetUnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Refuses_a_file_of_a_newer_release()
    {
        await Open(Schema).DisposeAsync();

        Assert.That(
            () => Open(Schema[..2]),
            Throws
                .InstanceOf<StorageException>()
                .With.Message.Contains("has schema version 3, this program knows 2")
                .And.Message.Contains("newer release")
        );
    }

    [Test]
    public async Task A_reader_refuses_an_older_schema_instead_of_upgrading_it()
    {
        await Open(Schema[..1]).DisposeAsync();

        Assert.That(() => Open(Schema, readOnly: true), Throws.InstanceOf<StorageException>().With.Message.Contains("older schema"));
    }

    [Test]
    public async Task A_schema_step_that_fails_leaves_the_version_before_it()
    {
        string[] broken = [Schema[0], "CREATE TABLE others(id INTEGER); CREATE TABLE things(id INTEGER)"];
        Assert.That(() => Open(broken), Throws.InstanceOf<StorageException>().With.Message.Contains("things.db cannot be opened"));

        await using var database = Open(Schema);

        Assert.That(database.Read(session => session.Number("PRAGMA user_version")), Is.EqualTo(Schema.Length));
        Assert.That(
            database.Read(session => session.Number("SELECT COUNT(*) FROM sqlite_master WHERE name = 'others'")),
            Is.Zero,
            "half a step"
        );
    }

    [Test]
    public async Task Writes_through_a_log_and_syncs_every_commit()
    {
        await using var database = Open(Schema);

        var journal = await database.WriteAsync(session => session.First("PRAGMA journal_mode", row => row.GetString(0)));
        var synchronous = await database.WriteAsync(session => session.Number("PRAGMA synchronous"));

        Assert.That(journal, Is.EqualTo("wal"));
        Assert.That(synchronous, Is.EqualTo(2), "2 is FULL");
    }

    [Test]
    public async Task What_is_written_is_seen_by_readers()
    {
        await using var database = Open(Schema);

        var id = await database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO things(name) VALUES ('lamp')");
            return session.Number("SELECT last_insert_rowid()");
        });

        Assert.That(
            database.Read(session => session.First("SELECT name FROM things WHERE id = ?1", row => row.GetString(0), id)),
            Is.EqualTo("lamp")
        );
    }

    [Test]
    public async Task Changes_that_wait_together_are_committed_together()
    {
        await using var database = Open(Schema);
        using var door = new Door(database);
        var first = database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('first')"));
        var seen = database.WriteAsync(session =>
            (
                Inside: session.Number("SELECT COUNT(*) FROM things"),
                Outside: database.Read(reader => reader.Number("SELECT COUNT(*) FROM things"))
            )
        );

        door.Open();

        Assert.That(
            await seen.WithinDeadlineAsync(),
            Is.EqualTo((1L, 0L)),
            "the second of a group sees the first, and nobody else does yet"
        );
        Assert.That(await first, Is.EqualTo(1));
    }

    [Test]
    public async Task A_change_that_throws_is_taken_back_alone()
    {
        await using var database = Open(Schema);
        using var door = new Door(database);
        var before = database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('before')"));
        var throwing = database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO things(name) VALUES ('half done')");
            throw new InvalidOperationException("changed its mind");
        });
        var breaking = database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO things(name) VALUES ('also half done')");
            session.Execute("INSERT INTO things(name) VALUES ('before')");
        });
        var after = database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('after')"));

        door.Open();

        await Task.WhenAll(before, after).WithinDeadlineAsync();
        Assert.That(() => throwing, Throws.InvalidOperationException.With.Message.EqualTo("changed its mind"));
        Assert.That(
            () => breaking,
            Throws
                .InstanceOf<SqliteException>()
                .With.Property(nameof(SqliteException.SqliteErrorCode))
                .EqualTo(SQLitePCL.raw.SQLITE_CONSTRAINT)
        );
        Assert.That(Names(database), Is.EqualTo(["before", "after"]));
    }

    [Test]
    public async Task Changes_around_one_that_throws_happen_once()
    {
        await using var database = Open(Schema);
        using var door = new Door(database);
        var writes = Enumerable
            .Range(1, 30)
            .Select(number =>
                database.WriteAsync(session =>
                {
                    session.Execute("INSERT INTO things(name) VALUES (?1)", Text(number));
                    return number % 10 == 0
                        ? throw new InvalidOperationException("changed its mind")
                        : session.Number("SELECT COUNT(*) FROM things");
                })
            )
            .ToList();

        door.Open();

        await Soon.Async(() => writes.TrueForAll(write => write.IsCompleted), "all outcomes");
        Assert.That(writes.Where(write => write.IsFaulted).Select(write => writes.IndexOf(write) + 1), Is.EqualTo([10, 20, 30]));
        Assert.That(Names(database), Is.EqualTo(Enumerable.Range(1, 30).Where(number => number % 10 != 0).Select(Text)));
        Assert.That(await writes[28], Is.EqualTo(27), "what a change returns is what it saw in the write that counts");
    }

    [Test]
    public async Task A_commit_that_fails_is_told_to_its_whole_group_and_the_next_one_works()
    {
        await using var database = Open(Schema);
        using var door = new Door(database);
        var innocent = database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('innocent')"));
        var guilty = database.WriteAsync(session => session.Execute("INSERT INTO parts(thing) VALUES (4711)"));

        door.Open();

        Assert.That(() => guilty.WithinDeadlineAsync(), Throws.InstanceOf<SqliteException>());
        Assert.That(() => innocent.WithinDeadlineAsync(), Throws.InstanceOf<SqliteException>());
        await database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('next')")).WithinDeadlineAsync();
        Assert.That(Names(database), Is.EqualTo(["next"]));
    }

    [Test]
    public async Task Changes_run_in_the_order_they_were_handed_in()
    {
        const int Changes = 2_000;
        await using var database = Open(Schema);

        await Task.WhenAll(
                Enumerable
                    .Range(1, Changes)
                    .Select(number => database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES (?1)", Text(number))))
            )
            .WithinDeadlineAsync();

        Assert.That(Names(database), Is.EqualTo(Enumerable.Range(1, Changes).Select(Text)));
    }

    [Test]
    public async Task Disposing_finishes_everything_that_was_handed_in()
    {
        const int Changes = 1_500;
        var database = Open(Schema);
        using var door = new Door(database);
        var writes = Enumerable
            .Range(1, Changes)
            .Select(number => database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES (?1)", Text(number))))
            .ToList();
        var disposed = database.DisposeAsync().AsTask();
        Assert.That(disposed.IsCompleted, Is.False);

        door.Open();
        await disposed.WithinDeadlineAsync();

        Assert.That(writes, Is.All.Property(nameof(Task.IsCompletedSuccessfully)).True);
        await using var again = Open(Schema);
        Assert.That(again.Read(session => session.Number("SELECT COUNT(*) FROM things")), Is.EqualTo(Changes));
    }

    [Test]
    public async Task A_disposed_database_takes_no_more_changes()
    {
        var database = Open(Schema);
        await database.DisposeAsync();

        Assert.That(
            () => database.WriteAsync(session => session.Execute("DELETE FROM things")),
            Throws.InstanceOf<InvalidOperationException>()
        );
    }

    [Test]
    public async Task A_query_that_throws_gives_its_connection_back()
    {
        await using var database = Open(Schema);
        Assert.That(
            () =>
                database.Read<int>(session =>
                {
                    session.Execute("CREATE TEMP TABLE mark(id INTEGER)");
                    throw new InvalidOperationException("changed its mind");
                }),
            Throws.InvalidOperationException
        );

        Assert.That(
            database.Read(session => session.Number("SELECT COUNT(*) FROM temp.sqlite_master WHERE name = 'mark'")),
            Is.EqualTo(1),
            "the next query has the same connection"
        );
    }

    [Test]
    public async Task Readers_see_the_last_commit_while_a_change_is_under_way()
    {
        await using var database = Open(Schema);
        await database.WriteAsync(session => session.Execute("INSERT INTO things(name) VALUES ('old')"));
        using var door = new Door(database, session => session.Execute("UPDATE things SET name = 'new'"));

        Assert.That(Names(database), Is.EqualTo(["old"]));

        await door.OpenAsync();
        Assert.That(Names(database), Is.EqualTo(["new"]));
    }

    private SqliteDatabase Open(string[] schema, bool readOnly = false) =>
        SqliteDatabase.Open(folder.File("things.db"), schema, readOnly, new PageCaches(16));

    private static List<string> Names(SqliteDatabase database) =>
        database.Read(session => session.Query("SELECT name FROM things ORDER BY id", row => row.GetString(0)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps the writer busy with one change, so that what is handed in meanwhile becomes one group.</summary>
    private sealed class Door : IDisposable
    {
        private readonly ManualResetEventSlim open = new();
        private readonly Task change;

        public Door(SqliteDatabase database, Action<SqliteSession>? work = null)
        {
            using var entered = new ManualResetEventSlim();
            change = database.WriteAsync(session =>
            {
                work?.Invoke(session);
                entered.Set();
                open.Wait();
            });
            entered.Wait();
        }

        public void Open() => open.Set();

        public Task OpenAsync()
        {
            Open();
            return change.WithinDeadlineAsync();
        }

        // The writer is past the door by then: every test awaits what it handed in behind it.
        public void Dispose()
        {
            open.Set();
            change.GetAwaiter().GetResult();
            open.Dispose();
        }
    }
}
