using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

/// <summary>The relay of an outbox whose entries are in documents, with two modules.</summary>
public sealed class DocumentRelayTests
{
    private TempFolder folder = null!;
    private FakeTimeProvider clock = null!;
    private Script script = null!;
    private Documents documents = null!;

    [SetUp]
    public void Prepare()
    {
        folder = new TempFolder();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        script = new Script();
        documents = new Documents();
    }

    [TearDown]
    public void CleanUp() => folder.Dispose();

    [Test]
    public async Task Entries_leave_their_documents_when_every_module_has_them()
    {
        await using var host = await StartAsync();

        documents.Add(Tick(1), Tick(2));

        await Soon.Async(() => documents.Left == 0, "documents without entries");
        Assert.That(script.CameToFirst.Select(tick => tick.Number), Is.EquivalentTo([1, 2]));
        Assert.That(script.CameToSecond.Select(tick => tick.Number), Is.EquivalentTo([1, 2]));
        Assert.That(documents.EverSetAside, Is.Zero);
    }

    [Test]
    public async Task A_module_that_is_down_stops_no_other()
    {
        var outage = new TaskCompletionSource();
        script.Second = (_, context) => outage.Task.WaitAsync(context.CancellationToken);
        await using var host = await StartAsync();

        documents.Add([.. Enumerable.Range(1, 50).Select(Tick)]);
        await Soon.Async(() => CameToFirst() == 50 && !script.CameToSecond.IsEmpty, "the first module to have all");
        clock.Advance(DocumentRelay.Patience);
        await Soon.Async(() => documents.Left == 0, "documents without entries");

        // From now on nothing waits for the second module, however long it stays away.
        documents.Add([.. Enumerable.Range(51, 10).Select(Tick)]);
        await Soon.Async(() => documents.Left == 0, "documents without entries");
        Assert.That(CameToFirst(), Is.EqualTo(60));

        outage.SetResult();
        await Soon.Async(() => documents.SetAside == 0, "an empty backlog");
        Assert.That(script.CameToSecond.Select(tick => tick.Number).Distinct(), Is.EquivalentTo(Enumerable.Range(1, 60)));
        Assert.That(await host.DeadLetters.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task What_came_during_an_outage_is_delivered_in_its_order()
    {
        var outage = new TaskCompletionSource();
        var done = new ConcurrentQueue<int>();
        script.Second = async (_, context) =>
        {
            await outage.Task.WaitAsync(context.CancellationToken);
            done.Enqueue(context.Message.Number);
        };
        await using var host = await StartAsync();
        var key = NewKey();
        documents.Add(new Tick(key, 1));
        await Soon.Async(() => CameToFirst() == 1 && !script.CameToSecond.IsEmpty, "both modules to have the first message");
        clock.Advance(DocumentRelay.Patience);
        await Soon.Async(() => documents.Left == 0, "a document without entries");

        for (var number = 2; number <= 5; number++)
        {
            documents.Add(new Tick(key, number));
            await Soon.Async(() => documents.Left == 0, "a document without entries");
        }

        outage.SetResult();
        await Soon.Async(() => documents.SetAside == 0, "an empty backlog");
        Assert.That(done.Distinct().ToList(), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
    }

    [Test]
    public async Task A_backlog_from_before_the_start_is_delivered()
    {
        await documents.SetAsideAsync("Second", [Documents.EntryOf(Tick(1))], CancellationToken.None);

        await using var host = await StartAsync();

        await Soon.Async(() => documents.SetAside == 0, "an empty backlog");
        Assert.That(script.CameToSecond.Select(tick => tick.Number), Is.EqualTo(new[] { 1 }));
        Assert.That(script.CameToFirst, Is.Empty);
    }

    [Test]
    public async Task A_module_that_has_caught_up_gets_its_messages_without_the_backlog_again()
    {
        await documents.SetAsideAsync("Second", [Documents.EntryOf(Tick(1))], CancellationToken.None);
        await using var host = await StartAsync();
        await Soon.Async(() => documents.SetAside == 0, "an empty backlog");

        var number = 1;
        await Soon.Async(
            async () =>
            {
                var before = documents.EverSetAside;
                documents.Add(Tick(++number));
                await Soon.Async(() => script.CameToSecond.Any(tick => tick.Number == number), "the next message");
                return documents.EverSetAside == before;
            },
            "a message that was not set aside"
        );
    }

    private async Task<RelayHost> StartAsync()
    {
        var host = await RelayHost.StartAsync(folder.Path, clock, script);
        host.Relay.Attach(documents);
        return host;
    }

    private int CameToFirst() => script.CameToFirst.Select(tick => tick.Number).Distinct().Count();

    private Guid NewKey() => Guid.CreateVersion7(clock.GetUtcNow());

    private Tick Tick(int number) => new(NewKey(), number);

    /// <summary>An outbox in memory, a document for each message.</summary>
    private sealed class Documents : IDocumentOutbox
    {
        private readonly Channel<PendingDocument[]> written = Channel.CreateUnbounded<PendingDocument[]>();
        private readonly Lock gate = new();
        private readonly List<(string To, OutboxEntry Entry)> backlog = [];
        private int left;
        private int everSetAside;

        public string Name => "documents";

        public int Left => Volatile.Read(ref left);

        public int EverSetAside => Volatile.Read(ref everSetAside);

        public int SetAside
        {
            get
            {
                lock (gate)
                {
                    return backlog.Count;
                }
            }
        }

        public static OutboxEntry EntryOf(Tick tick) => MessageCodec.Encode(tick, tick.Key, DateTimeOffset.UnixEpoch);

        /// <summary>They come as one page.</summary>
        public void Add(params Tick[] ticks)
        {
            Interlocked.Add(ref left, ticks.Length);
            written.Writer.TryWrite([.. ticks.Select(tick => new PendingDocument(tick.Key, [EntryOf(tick)]))]);
        }

        public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

        public void Wake()
        {
        }

        public async Task<IReadOnlyList<PendingDocument>> TakeAsync(int limit, CancellationToken cancellationToken) =>
            await written.Reader.ReadAsync(cancellationToken);

        public Task RemoveAsync(IReadOnlyList<PendingDocument> delivered)
        {
            Interlocked.Add(ref left, -delivered.Count);
            return Task.CompletedTask;
        }

        public Task SetAsideAsync(string destination, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken)
        {
            lock (gate)
            {
                backlog.AddRange(entries.Select(entry => (destination, entry)));
            }

            Interlocked.Add(ref everSetAside, entries.Count);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyCollection<string>> BehindAsync(CancellationToken cancellationToken)
        {
            lock (gate)
            {
                return Task.FromResult<IReadOnlyCollection<string>>([.. backlog.Select(entry => entry.To).Distinct(StringComparer.Ordinal)]);
            }
        }

        public Task<IReadOnlyList<OutboxEntry>?> TakeSetAsideAsync(string destination, int limit, CancellationToken cancellationToken)
        {
            lock (gate)
            {
                return Task.FromResult<IReadOnlyList<OutboxEntry>?>([
                    .. backlog.Where(entry => entry.To == destination).Take(limit).Select(entry => entry.Entry),
                ]);
            }
        }

        public Task RemoveSetAsideAsync(string destination, IReadOnlyList<OutboxEntry> delivered)
        {
            var ids = delivered.Select(entry => entry.MessageId).ToHashSet();
            lock (gate)
            {
                backlog.RemoveAll(entry => entry.To == destination && ids.Contains(entry.Entry.MessageId));
            }

            return Task.CompletedTask;
        }

        public Task<long> DepthAsync(CancellationToken cancellationToken) => Task.FromResult((long)Left + SetAside);
    }
}
