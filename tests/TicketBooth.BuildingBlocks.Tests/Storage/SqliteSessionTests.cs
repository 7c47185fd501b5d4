using FsCheck;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

public sealed class SqliteSessionTests
{
    private TempFolder folder = null!;
    private SqliteDatabase database = null!;

    [OneTimeSetUp]
    public void OpenDatabase()
    {
        folder = new TempFolder();
        database = SqliteDatabase.Open(
            folder.File("values.db"),
            ["CREATE TABLE ids(id BLOB PRIMARY KEY, number INTEGER)"],
            readOnly: false,
            new PageCaches(16)
        );
    }

    [OneTimeTearDown]
    public async Task CloseDatabase()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    [FsCheck.NUnit.Property]
    public bool An_id_comes_back(Guid id) => Back(id, (row, column) => row.Id(column)) == id;

    [FsCheck.NUnit.Property]
    public bool A_time_comes_back_as_the_same_moment_in_UTC(DateTimeOffset time)
    {
        var back = Back(time, (row, column) => row.Time(column));
        return back == time && back.Offset == TimeSpan.Zero;
    }

    [FsCheck.NUnit.Property]
    public bool A_number_comes_back(DoNotSize<long> number) =>
        database.Read(session => session.Number("SELECT ?1", number.Item)) == number.Item;

    [FsCheck.NUnit.Property]
    public bool Bytes_come_back(byte[] bytes) =>
        Back(bytes, (row, column) => row.IsDBNull(column) ? null! : row.Bytes(column)).SequenceEqual(bytes);

    [Test]
    public void No_bytes_are_not_nothing() =>
        Assert.That(Back<byte[]>([], (row, column) => row.IsDBNull(column) ? null! : row.Bytes(column)), Is.Empty);

    [TestCase("")]
    [TestCase("Açaí ☕ 🎭")]
    [TestCase("Robert'); DROP TABLE things;--")]
    public void Text_comes_back(string text) => Assert.That(Back(text, (row, column) => row.Text(column)), Is.EqualTo(text));

    [TestCase(true, 1L)]
    [TestCase(false, 0L)]
    public void A_flag_is_stored_as_a_number(bool flag, long number) =>
        Assert.That(database.Read(session => session.Number("SELECT ?1", flag)), Is.EqualTo(number));

    [Test]
    public void Nothing_comes_back_as_nothing()
    {
        Assert.That(Back<string?>(null, (row, column) => row.Text(column)), Is.Null);
        Assert.That(Back<Guid?>(null, (row, column) => row.IdOrNull(column)), Is.Null);
        Assert.That(Back<DateTimeOffset?>(null, (row, column) => row.TimeOrNull(column)), Is.Null);
        Assert.That(Back<long?>(null, (row, column) => row.NumberOrNull(column)), Is.Null);
        Assert.That(database.Read(session => session.Number("SELECT ?1", [null])), Is.Zero);
    }

    [Test]
    public void Something_that_may_be_nothing_comes_back()
    {
        var id = Guid.Parse("0199e2f0-1b7e-7d20-8a61-3f5c9e210000");

        Assert.That(Back<Guid?>(id, (row, column) => row.IdOrNull(column)), Is.EqualTo(id));
        Assert.That(
            Back<DateTimeOffset?>(DateTimeOffset.UnixEpoch, (row, column) => row.TimeOrNull(column)),
            Is.EqualTo(DateTimeOffset.UnixEpoch)
        );
        Assert.That(Back<long?>(0, (row, column) => row.NumberOrNull(column)), Is.Zero);
    }

    [Test]
    public void A_flag_comes_back([Values] bool flag) => Assert.That(Back(flag, (row, column) => row.Flag(column)), Is.EqualTo(flag));

    [Test]
    public void A_value_without_a_column_type_is_refused_by_name() =>
        Assert.That(
            () => database.Read(session => session.Number("SELECT ?1", 1.5)),
            Throws.ArgumentException.With.Message.Contains(nameof(Double))
        );

    [Test]
    public void A_statement_that_is_no_SQL_is_refused() =>
        Assert.That(
            () => database.Read(session => session.Number("SELECT FROM nowhere")),
            Throws.InstanceOf<Microsoft.Data.Sqlite.SqliteException>()
        );

    [Test]
    public void A_statement_works_again_after_its_reader_threw()
    {
        var seen = database.Read(session =>
        {
            Assert.That(
                () => session.Query<long>("SELECT 1 UNION SELECT 2", _ => throw new InvalidOperationException("changed its mind")),
                Throws.InvalidOperationException
            );
            return session.Query("SELECT 1 UNION SELECT 2", row => row.GetInt64(0));
        });

        Assert.That(seen, Is.EqualTo([1, 2]));
    }

    [Test]
    public async Task A_statement_works_again_after_it_failed()
    {
        var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);

        var again = await database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO ids(id) VALUES (?1)", id);
            Assert.That(
                () => session.Execute("INSERT INTO ids(id) VALUES (?1)", id),
                Throws
                    .InstanceOf<Microsoft.Data.Sqlite.SqliteException>()
                    .With.Property("SqliteExtendedErrorCode")
                    .EqualTo(SQLitePCL.raw.SQLITE_CONSTRAINT_PRIMARYKEY)
            );
            return session.Execute("INSERT INTO ids(id) VALUES (?1)", Guid.CreateVersion7(DateTimeOffset.UnixEpoch));
        });

        Assert.That(again, Is.EqualTo(1));
    }

    [Test]
    public void No_row_is_the_default_value()
    {
        Assert.That(database.Read(session => session.First("SELECT 'x' WHERE 1 = 0", row => row.GetString(0))), Is.Null);
        Assert.That(database.Read(session => session.Number("SELECT 1 WHERE 1 = 0")), Is.Zero);
        Assert.That(database.Read(session => session.Query("SELECT 1 WHERE 1 = 0", row => row.GetInt64(0))), Is.Empty);
    }

    [Test]
    public async Task Ids_are_ordered_by_their_time()
    {
        var start = new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 300).Select(minute => Guid.CreateVersion7(start.AddMinutes(minute))).ToList();

        await database.WriteAsync(session =>
        {
            foreach (var id in ids.AsEnumerable().Reverse())
            {
                session.Execute("INSERT INTO ids(id, number) VALUES (?1, 4711)", id);
            }
        });

        Assert.That(
            database.Read(session => session.Query("SELECT id FROM ids WHERE number = 4711 ORDER BY id", row => row.Id(0))),
            Is.EqualTo(ids)
        );
    }

    [Test]
    public async Task Says_how_many_rows_a_statement_changed()
    {
        var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);

        var (inserted, again, updated) = await database.WriteAsync(session =>
            (
                session.Execute("INSERT OR IGNORE INTO ids(id) VALUES (?1)", id),
                session.Execute("INSERT OR IGNORE INTO ids(id) VALUES (?1)", id),
                session.Execute("UPDATE ids SET number = ?2 WHERE id = ?1", id, 7)
            )
        );

        Assert.That((inserted, again, updated), Is.EqualTo((1, 0, 1)));
    }

    [Test]
    public void A_statement_is_run_with_new_values_each_time()
    {
        var sums = database.Read(session =>
            Enumerable.Range(1, 5).Select(number => session.Number("SELECT ?1 + ?2", number, 10L)).ToList()
        );

        Assert.That(sums, Is.EqualTo([11, 12, 13, 14, 15]));
    }

    private T Back<T>(T value, Func<SqliteRow, int, T> read) =>
        database.Read(session => session.First("SELECT ?1", row => read(row, 0), [value]))!;
}
