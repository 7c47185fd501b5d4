using System.Text;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

public sealed class SqliteOutboxTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 20, 0, 0, TimeSpan.Zero);

    private TempFolder folder = null!;
    private SqliteDatabase database = null!;
    private SqliteOutbox outbox = null!;

    [SetUp]
    public void OpenDatabase()
    {
        folder = new TempFolder();
        database = SqliteDatabase.Open(folder.File("outbox.db"), [SqliteOutbox.Schema, SqliteOutbox.Pages], readOnly: false, new PageCaches(16));
        outbox = new SqliteOutbox("outbox", database);
    }

    [TearDown]
    public async Task CloseDatabase()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task An_entry_comes_back_whole_and_numbered()
    {
        var entry = Entry() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        await AppendAsync(entry);

        var read = outbox.Read(0, 10).Single();
        Assert.That(read.Body, Is.EqualTo(entry.Body));
        Assert.That(read with { Body = entry.Body, Sequence = 0 }, Is.EqualTo(entry));
        Assert.That(read.Sequence, Is.Positive);
    }

    [Test]
    public async Task Reads_what_comes_after_a_sequence_in_order_and_up_to_the_limit()
    {
        await AppendAsync([.. Enumerable.Range(0, 10).Select(_ => Entry())]);

        var all = outbox.Read(0, 100).Select(entry => entry.Sequence).ToList();

        Assert.That(all, Has.Count.EqualTo(10).And.Ordered);
        Assert.That(outbox.Read(all[3], 4).Select(entry => entry.Sequence), Is.EqualTo(all[4..8]));
        Assert.That(outbox.Read(all[9], 4), Is.Empty);
    }

    /// <summary>The thread that writes a file packs each row into the buffer of the last one.</summary>
    [Test]
    public async Task A_row_holds_nothing_of_a_longer_one_before_it()
    {
        int[] sizes = [2_000, 10, 3_000_000, 5, 4_000];
        foreach (var size in sizes)
        {
            await AppendAsync(Entry() with { Body = Encoding.UTF8.GetBytes(new string('x', size)) });
        }

        var stored = database.Read(session => session.Query("SELECT length(entries) FROM outbox_pages ORDER BY last", row => row.GetInt32(0)));
        Assert.That(stored.Zip(sizes, (bytes, size) => bytes - size), Has.All.InRange(1, 200), "what an entry has beside its body");
        Assert.That(outbox.Read(0, 10).Select(entry => entry.Body.Length), Is.EqualTo(sizes));
    }

    [Test]
    public void An_entry_goes_away_with_the_change_it_tells_about()
    {
        Assert.That(
            () =>
                database.WriteAsync(session =>
                {
                    SqliteOutbox.Append(session, Entry());
                    throw new InvalidOperationException("changed its mind");
                }),
            Throws.InvalidOperationException
        );

        Assert.That(outbox.Read(0, 10), Is.Empty);
    }

    [Test]
    public async Task Every_module_has_a_cursor_of_its_own()
    {
        var sequences = await AppendAsync(Entry(), Entry());
        await outbox.SubscribeAsync("Booking");
        await outbox.SubscribeAsync("Events");

        await outbox.AcknowledgeAsync(At("Booking", sequences[0]));

        Assert.That(await outbox.SubscribeAsync("Booking"), Is.EqualTo(sequences[0]));
        Assert.That(await outbox.SubscribeAsync("Events"), Is.Zero);
    }

    [Test]
    public async Task An_entry_stays_until_every_module_is_past_it_and_not_longer()
    {
        var sequences = await AppendAsync(Entry(), Entry(), Entry());
        await outbox.SubscribeAsync("Booking");
        await outbox.SubscribeAsync("Events");

        await outbox.AcknowledgeAsync(At("Booking", sequences[2]));
        Assert.That(Stored(), Is.EqualTo(sequences));

        await outbox.AcknowledgeAsync(At("Events", sequences[0]));
        Assert.That(Stored(), Is.EqualTo(sequences[1..]));

        await outbox.AcknowledgeAsync(At("Events", sequences[2]));
        Assert.That(Stored(), Is.Empty);
    }

    [Test]
    public async Task A_sequence_is_never_used_again_after_everything_was_delivered()
    {
        await outbox.SubscribeAsync("Booking");
        var before = await AppendAsync(Entry(), Entry());
        await outbox.AcknowledgeAsync(At("Booking", before[1]));

        await database.DisposeAsync();
        OpenAgain();
        var after = await AppendAsync(Entry());

        Assert.That(after.Single(), Is.GreaterThan(before[1]));
        Assert.That(outbox.Read(await outbox.SubscribeAsync("Booking"), 10).Select(entry => entry.Sequence), Is.EqualTo(after));
    }

    [Test]
    public async Task Entries_are_pending_until_every_module_is_past_them()
    {
        var sequences = await AppendAsync(Entry(), Entry(), Entry());
        Assert.That(Delivered(), Is.LessThan(sequences[0]), "no module is known yet");
        await outbox.SubscribeAsync("Booking");
        await outbox.SubscribeAsync("Events");

        await outbox.AcknowledgeAsync(At("Booking", sequences[2]));
        await outbox.AcknowledgeAsync(At("Events", sequences[0]));
        Assert.That(Delivered(), Is.EqualTo(sequences[0]));

        await outbox.AcknowledgeAsync(At("Events", sequences[2]));
        Assert.That(Delivered(), Is.EqualTo(sequences[2]));
        await outbox.SubscribeAsync("Late");
        Assert.That(Delivered(), Is.EqualTo(sequences[2]), "nothing is left that a new module could get");
    }

    [Test]
    public async Task A_destination_that_comes_late_waits_for_the_next_entry_and_not_for_what_is_gone()
    {
        var sequences = await AppendAsync(Entry(), Entry(), Entry());
        await outbox.SubscribeAsync("Booking");
        await outbox.AcknowledgeAsync(At("Booking", sequences[2]));

        var cursor = await outbox.SubscribeAsync("Late");
        outbox.Wake();
        var waits = outbox.WaitAsync(cursor, CancellationToken.None);

        Assert.That((cursor, waits.IsCompleted), Is.EqualTo((sequences[2], false)), "else the relay would turn in circles");
        var next = await AppendAsync(Entry());
        outbox.Signal();
        await waits;
        Assert.That(outbox.Read(cursor, 10).Select(entry => entry.Sequence), Is.EqualTo(next));
    }

    [Test]
    public async Task A_destination_that_comes_late_gets_what_others_have_not_got_yet()
    {
        var sequences = await AppendAsync(Entry(), Entry(), Entry());
        await outbox.SubscribeAsync("Booking");

        var cursor = await outbox.SubscribeAsync("Late");

        Assert.That(outbox.Read(cursor, 10).Select(entry => entry.Sequence), Is.EqualTo(sequences));
    }

    [Test]
    public async Task Rows_of_an_older_release_learn_of_the_entries_that_wait_for_them()
    {
        OutboxEntry[] entries = [Entry(), Entry(), Entry()];
        var written = await WriteAsync(entries[0], entries[1], entries[2], Entry() with { Key = entries[1].Key });
        await outbox.SubscribeAsync("Booking");
        await outbox.AcknowledgeAsync(At("Booking", written[0].Sequence));
        await database.WriteAsync(session =>
        {
            session.Execute("CREATE TABLE things(id BLOB NOT NULL PRIMARY KEY)");
            foreach (var key in entries.Select(entry => entry.Key).Append(Guid.NewGuid()))
            {
                session.Execute("INSERT INTO things(id) VALUES (?1)", key);
            }
        });
        await database.DisposeAsync();

        database = SqliteDatabase.Open(
            folder.File("outbox.db"), [SqliteOutbox.Schema, SqliteOutbox.Pages, SqliteOutbox.Told("things", "id")], readOnly: false, new PageCaches(16));

        Assert.That(
            database.Read(session => session.Query("SELECT id, told FROM things WHERE told IS NOT NULL", row => (row.Id(0), row.GetInt64(1)))),
            Is.EquivalentTo(new[] { (entries[1].Key, written[3].Sequence), (entries[2].Key, written[2].Sequence) }));
    }

    [Test]
    public async Task The_depth_is_what_the_slowest_module_has_not_got()
    {
        Assert.That(await DepthAsync(), Is.Zero);
        var sequences = await AppendAsync([.. Enumerable.Range(0, 9).Select(_ => Entry())]);
        Assert.That(await DepthAsync(), Is.EqualTo(9), "no module is known yet");
        await outbox.SubscribeAsync("Booking");
        await outbox.SubscribeAsync("Events");

        await outbox.AcknowledgeAsync(
            new Dictionary<string, long>(StringComparer.Ordinal) { ["Booking"] = sequences[8], ["Events"] = sequences[3] }
        );
        Assert.That(await DepthAsync(), Is.EqualTo(5));

        await outbox.AcknowledgeAsync(At("Events", sequences[8]));
        Assert.That(await DepthAsync(), Is.Zero);
        await outbox.SubscribeAsync("Late");
        Assert.That(await DepthAsync(), Is.EqualTo(Stored().Count), "what was removed waits for nobody");
    }

    [Test]
    public async Task A_cursor_does_not_go_back()
    {
        await outbox.SubscribeAsync("Booking");
        var sequences = await AppendAsync(Entry(), Entry());

        await outbox.AcknowledgeAsync(At("Booking", sequences[1]));
        await outbox.AcknowledgeAsync(At("Booking", sequences[0]));

        Assert.That(await outbox.SubscribeAsync("Booking"), Is.EqualTo(sequences[1]));
    }

    [Test]
    public async Task Waiting_ends_at_once_when_there_is_something_already()
    {
        await AppendAsync(Entry());
        outbox.Signal();

        Assert.That(outbox.WaitAsync(0, CancellationToken.None).IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task What_a_former_process_left_behind_is_something_already()
    {
        await AppendAsync(Entry());
        await database.DisposeAsync();
        OpenAgain();

        Assert.That(outbox.WaitAsync(0, CancellationToken.None).IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task Waiting_ends_with_a_signal()
    {
        var sequence = (await AppendAsync(Entry())).Single();
        outbox.Signal();
        var one = outbox.WaitAsync(sequence, CancellationToken.None);
        var other = outbox.WaitAsync(sequence, CancellationToken.None);
        Assert.That((one.IsCompleted, other.IsCompleted), Is.EqualTo((false, false)));

        await AppendAsync(Entry());
        outbox.Signal();

        await Task.WhenAll(one, other).WithinDeadlineAsync();
    }

    [Test]
    public void Waiting_ends_when_it_is_canceled()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = outbox.WaitAsync(0, cancellation.Token);

        cancellation.Cancel();

        Assert.That(() => waiting.WithinDeadlineAsync(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task No_signal_is_lost_between_reading_and_waiting()
    {
        const int Writes = 1_000;
        var reader = Task.Run(async () =>
        {
            var cursor = await outbox.SubscribeAsync("Booking");
            for (var seen = 0; seen < Writes;)
            {
                var page = outbox.Read(cursor, 256);
                if (page.Count == 0)
                {
                    await outbox.WaitAsync(cursor, CancellationToken.None);
                    continue;
                }

                seen += page.Count;
                cursor = page[^1].Sequence;
            }
        });

        for (var i = 0; i < Writes; i++)
        {
            await AppendAsync(Entry());
            outbox.Signal();
        }

        await reader.WithinDeadlineAsync();
    }

    [Test]
    public async Task Entries_of_one_call_share_a_row_and_keep_what_each_of_them_says()
    {
        var first = Entry() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Body = Encoding.UTF8.GetBytes("""{"name":"Sábado\n"}""") };
        var second = Entry() with { MessageType = "urn:message:Some:Other", Body = [] };
        var third = Entry() with { Key = first.Key, CorrelationId = first.Key, At = Now.AddTicks(1) };

        var written = await WriteAsync(first, second, third);

        Assert.That(database.Read(session => session.Number("SELECT COUNT(*) FROM outbox_pages")), Is.EqualTo(1));
        var read = outbox.Read(0, 10);
        Assert.That(read.Select(entry => Encoding.UTF8.GetString(entry.Body)), Is.EqualTo(written.Select(entry => Encoding.UTF8.GetString(entry.Body))));
        Assert.That(read.Select((entry, i) => entry with { Body = written[i].Body }), Is.EqualTo(written));
        Assert.That(written.Select((entry, i) => entry with { Sequence = 0, Body = new[] { first, second, third }[i].Body }), Is.EqualTo([first, second, third]));
    }

    [Test]
    public async Task A_row_that_is_delivered_in_part_is_read_from_there_and_stays_until_all_of_it_is()
    {
        await outbox.SubscribeAsync("Booking");
        var written = await WriteAsync(Entry(), Entry(), Entry());
        var later = await WriteAsync(Entry(), Entry());

        await outbox.AcknowledgeAsync(At("Booking", written[1].Sequence));

        Assert.That(outbox.Read(written[1].Sequence, 2).Select(entry => entry.Sequence), Is.EqualTo([written[2].Sequence, later[0].Sequence]));
        Assert.That(Delivered(), Is.EqualTo(written[1].Sequence));
        Assert.That(await DepthAsync(), Is.EqualTo(3));
        Assert.That(Stored(), Has.Count.EqualTo(5));

        await outbox.AcknowledgeAsync(At("Booking", later[0].Sequence));
        Assert.That(Stored(), Is.EqualTo(later.Select(entry => entry.Sequence)));
        Assert.That(await DepthAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task No_entries_are_no_row()
    {
        Assert.That(await WriteAsync(), Is.Empty);
        outbox.Signal([]);

        Assert.That(database.Read(session => session.Number("SELECT COUNT(*) FROM outbox_pages")), Is.Zero);
        Assert.That(outbox.WaitAsync(0, CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public async Task Hands_over_once_what_was_written_in_this_process_and_reads_it_from_the_file_after_that()
    {
        var written = await WriteAsync(Entry(), Entry(), Entry());
        outbox.Signal(written);

        Assert.That(outbox.WaitAsync(0, CancellationToken.None).IsCompletedSuccessfully, Is.True);
        Assert.That(outbox.Read(0, 2), Is.EqualTo(written.Take(2)).Using<OutboxEntry>(ReferenceEquals));
        Assert.That(outbox.Read(written[1].Sequence, 2), Is.EqualTo(written.Skip(2)).Using<OutboxEntry>(ReferenceEquals));

        var again = outbox.Read(0, 10);
        Assert.That(again.Select(entry => entry.MessageId), Is.EqualTo(written.Select(entry => entry.MessageId)));
        Assert.That(again, Has.None.SameAs(written[0]));
    }

    [TestCase(0, 1, 2)]
    [TestCase(0, 2, 1)]
    [TestCase(1, 0, 2)]
    [TestCase(2, 1, 0)]
    public async Task Nothing_is_skipped_whichever_of_several_writes_is_heard_of_first(params int[] order)
    {
        IReadOnlyList<OutboxEntry>[] writes = [await WriteAsync(Entry(), Entry()), await WriteAsync(Entry()), await WriteAsync(Entry(), Entry())];
        foreach (var write in order)
        {
            outbox.Signal(writes[write]);
        }

        Assert.That(ReadAll(limit: 2), Is.EqualTo(writes.SelectMany(write => write).Select(entry => entry.MessageId)));
    }

    [Test]
    public async Task More_than_it_keeps_in_memory_is_read_from_the_file()
    {
        var written = new List<OutboxEntry>();
        for (var i = 0; i < 20; i++)
        {
            var some = await WriteAsync([.. Enumerable.Range(0, 500).Select(_ => Entry())]);
            outbox.Signal(some);
            written.AddRange(some);
        }

        Assert.That(ReadAll(limit: 512), Is.EqualTo(written.Select(entry => entry.MessageId)));
    }

    [Test]
    public async Task What_an_older_release_left_behind_is_delivered_where_its_modules_were()
    {
        await database.DisposeAsync();
        File.Delete(folder.File("outbox.db"));
        OutboxEntry[] left = [Entry(), Entry() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }, Entry() with { MessageType = "urn:message:Some:Other" }];
        await using (var former = SqliteDatabase.Open(folder.File("outbox.db"), [SqliteOutbox.Schema], readOnly: false, new PageCaches(16)))
        {
            await former.WriteAsync(session =>
            {
                for (var i = 0; i < left.Length; i++)
                {
                    session.Execute(
                        "INSERT INTO outbox(sequence, message_id, type, key, body, correlation_id, trace_parent, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                        41 + i, left[i].MessageId, left[i].MessageType, left[i].Key, left[i].Body, left[i].CorrelationId, left[i].TraceParent, left[i].At);
                }

                session.Execute("INSERT INTO outbox_cursors(module, sequence) VALUES ('Booking', 41)");
            });
        }

        OpenAgain();

        Assert.That(await outbox.SubscribeAsync("Booking"), Is.EqualTo(41));
        var read = outbox.Read(41, 10);
        Assert.That(read.Select(entry => Encoding.UTF8.GetString(entry.Body)), Is.All.EqualTo("{}"));
        Assert.That(read.Select((entry, i) => entry with { Body = left[i + 1].Body }), Is.EqualTo([left[1] with { Sequence = 42 }, left[2] with { Sequence = 43 }]));
        Assert.That(await DepthAsync(), Is.EqualTo(2));
        Assert.That((await WriteAsync(Entry()))[0].Sequence, Is.EqualTo(44));
    }

    [Test]
    public async Task Entries_in_a_format_of_a_later_release_are_refused()
    {
        await WriteAsync(Entry());
        await database.WriteAsync(session => session.Execute("UPDATE outbox_pages SET entries = x'02'"));

        Assert.That(() => outbox.Read(0, 10), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("format 2"));
    }

    [Test]
    public async Task A_message_has_its_effect_once_per_consumer()
    {
        var message = Guid.CreateVersion7(Now);

        var entered = await database.WriteAsync(session =>
            new[]
            {
                SqliteOutbox.TryEnter(session, new InboxKey("FollowOrders", message)),
                SqliteOutbox.TryEnter(session, new InboxKey("FollowOrders", message)),
                SqliteOutbox.TryEnter(session, new InboxKey("CountOrders", message)),
                SqliteOutbox.TryEnter(session, new InboxKey("FollowOrders", Guid.CreateVersion7(Now))),
            }
        );

        Assert.That(entered, Is.EqualTo([true, false, true, true]));
    }

    [Test]
    public async Task A_message_may_enter_again_after_it_left_or_was_forgotten()
    {
        var left = new InboxKey("FollowOrders", Guid.CreateVersion7(Now));
        var old = new InboxKey("FollowOrders", Guid.CreateVersion7(Now.AddDays(-8)));
        var recent = new InboxKey("FollowOrders", Guid.CreateVersion7(Now));
        await database.WriteAsync(session =>
        {
            SqliteOutbox.TryEnter(session, left);
            SqliteOutbox.TryEnter(session, old);
            SqliteOutbox.TryEnter(session, recent);
        });

        await database.WriteAsync(session => SqliteOutbox.Leave(session, left));
        await outbox.ForgetMessagesAsync(Now.AddDays(-7));

        Assert.That(
            await database.WriteAsync(session =>
                (SqliteOutbox.TryEnter(session, left), SqliteOutbox.TryEnter(session, old), SqliteOutbox.TryEnter(session, recent))
            ),
            Is.EqualTo((true, true, false))
        );
    }

    [Test]
    public async Task Forgets_by_the_age_of_the_message_to_the_millisecond()
    {
        var before = Now.AddDays(-7);
        var kept = new InboxKey("FollowOrders", Guid.CreateVersion7(before));
        var forgotten = new InboxKey("FollowOrders", Guid.CreateVersion7(before.AddMilliseconds(-1)));
        await database.WriteAsync(session => (SqliteOutbox.TryEnter(session, kept), SqliteOutbox.TryEnter(session, forgotten)));

        await outbox.ForgetMessagesAsync(before);

        Assert.That(
            await database.WriteAsync(session => (SqliteOutbox.TryEnter(session, kept), SqliteOutbox.TryEnter(session, forgotten))),
            Is.EqualTo((false, true))
        );
    }

    [Test]
    public async Task Forgets_however_many_there_are()
    {
        await database.WriteAsync(session =>
        {
            for (var i = 0; i < 1_200; i++)
            {
                SqliteOutbox.TryEnter(session, new InboxKey("FollowOrders", Guid.CreateVersion7(Now.AddDays(-8))));
            }
        });

        await outbox.ForgetMessagesAsync(Now.AddDays(-7));

        Assert.That(database.Read(session => session.Number("SELECT COUNT(*) FROM inbox")), Is.Zero);
    }

    private long Delivered() => database.Read(session => session.Number(SqliteOutbox.SelectDelivered));

    private Task<long> DepthAsync() => outbox.DepthAsync(CancellationToken.None);

    private List<long> Stored() => [.. outbox.Read(0, 100).Select(entry => entry.Sequence)];

    private void OpenAgain()
    {
        database = SqliteDatabase.Open(folder.File("outbox.db"), [SqliteOutbox.Schema, SqliteOutbox.Pages], readOnly: false, new PageCaches(16));
        outbox = new SqliteOutbox("outbox", database);
    }

    /// <summary>The ids of all messages, page by page.</summary>
    private List<Guid> ReadAll(int limit)
    {
        var all = new List<Guid>();
        var cursor = 0L;
        while (outbox.Read(cursor, limit) is { Count: > 0 } page)
        {
            all.AddRange(page.Select(entry => entry.MessageId));
            cursor = page[^1].Sequence;
        }

        return all;
    }

    private Task<IReadOnlyList<OutboxEntry>> WriteAsync(params OutboxEntry[] entries) => database.WriteAsync(session => SqliteOutbox.Append(session, entries));

    private Task<long[]> AppendAsync(params OutboxEntry[] entries) => database.WriteAsync(session => Array.ConvertAll(entries, entry =>
            {
                SqliteOutbox.Append(session, entry);
                return session.Number("SELECT last_insert_rowid()");
            }));

    private static Dictionary<string, long> At(string destination, long sequence) =>
        new(StringComparer.Ordinal) { [destination] = sequence };

    private static OutboxEntry Entry() =>
        new(
            Guid.CreateVersion7(Now),
            "urn:message:Some:Message",
            Guid.CreateVersion7(Now),
            Encoding.UTF8.GetBytes("{}"),
            Guid.CreateVersion7(Now),
            TraceParent: null,
            Now
        );
}
