using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

public sealed class RelayedOutboxTests
{
    private Source source = null!;

    [SetUp]
    public void Prepare() => source = new Source();

    [Test]
    public async Task Entries_are_read_once_for_all_and_acknowledged_once_when_the_last_has_passed()
    {
        const int Count = OutboxRelay.PageSize + 188;
        source.Append(Count);
        var outbox = Relayed(("A", 0), ("B", 0));

        Assert.That(await PassAllAsync(outbox, "A"), Is.EqualTo(Enumerable.Range(1, Count)));
        Assert.That(source.Acknowledged, Has.Count.LessThanOrEqualTo(1), "only when a restart would repeat more than a page");
        var read = source.EntriesRead;
        Assert.That(await PassAllAsync(outbox, "B"), Is.EqualTo(Enumerable.Range(1, Count)));

        Assert.That(source.EntriesRead, Is.EqualTo(read));
        Assert.That(source.Acknowledged[^1], Is.EqualTo(new Dictionary<string, long>(StringComparer.Ordinal) { ["A"] = Count, ["B"] = Count }));
    }

    [Test]
    public async Task One_that_lags_reads_for_itself_what_is_no_longer_in_memory()
    {
        var outbox = Relayed(("A", 0), ("B", 0));
        for (var round = 0; round < 20; round++)
        {
            source.Append(OutboxRelay.PageSize);
            await PassAllAsync(outbox, "A");
        }

        Assert.That(await PassAllAsync(outbox, "B"), Is.EqualTo(Enumerable.Range(1, 20 * OutboxRelay.PageSize)));
        Assert.That(source.Acknowledged[^1].Values, Is.All.EqualTo(20L * OutboxRelay.PageSize));
    }

    [Test]
    public async Task One_that_was_further_than_the_others_goes_on_where_it_was()
    {
        source.Append(30);
        var outbox = Relayed(("A", 20), ("B", 5));

        Assert.That(await PassAllAsync(outbox, "A"), Is.EqualTo(Enumerable.Range(21, 10)));
        Assert.That(await PassAllAsync(outbox, "B"), Is.EqualTo(Enumerable.Range(6, 25)));
        source.Append(2);
        Assert.That(await PassAllAsync(outbox, "B"), Is.EqualTo([31, 32]));
    }

    [Test]
    public async Task Nothing_is_passed_over_between_two_that_are_far_apart()
    {
        source.Append(3 * OutboxRelay.PageSize);
        var outbox = Relayed(("Behind", 0), ("Ahead", (2 * OutboxRelay.PageSize) + 7));

        Assert.That(outbox.Read("Behind"), Has.Count.EqualTo(OutboxRelay.PageSize));
        Assert.That(await PassAllAsync(outbox, "Ahead"), Is.EqualTo(Enumerable.Range((2 * OutboxRelay.PageSize) + 8, OutboxRelay.PageSize - 7)));
        source.Append(5);
        Assert.That(await PassAllAsync(outbox, "Ahead"), Has.Count.EqualTo(5));
        Assert.That(await PassAllAsync(outbox, "Behind"), Is.EqualTo(Enumerable.Range(1, (3 * OutboxRelay.PageSize) + 5)));
    }

    [Test]
    public async Task An_acknowledgement_that_fails_is_made_by_the_next_attempt()
    {
        source.Append(3);
        source.Fails = true;
        var outbox = Relayed(("A", 0));

        Assert.That(() => PassAllAsync(outbox, "A"), Throws.InstanceOf<IOException>());
        source.Fails = false;
        await outbox.AcknowledgeAsync();

        Assert.That(source.Acknowledged.Single()["A"], Is.EqualTo(3));
    }

    private RelayedOutbox Relayed(params (string Destination, long Cursor)[] cursors) =>
        new(source, cursors.ToDictionary(cursor => cursor.Destination, cursor => cursor.Cursor, StringComparer.Ordinal));

    private static async Task<List<int>> PassAllAsync(RelayedOutbox outbox, string destination)
    {
        var passed = new List<int>();
        while (outbox.Read(destination) is { Count: > 0 } page)
        {
            passed.AddRange(page.Select(entry => (int)entry.Sequence));
            outbox.Pass(destination, page[^1].Sequence);
            await outbox.AcknowledgeAsync();
        }

        return passed;
    }

    /// <summary>An outbox in memory.</summary>
    private sealed class Source : IOutboxSource
    {
        private readonly List<OutboxEntry> entries = [];

        public string Name => "source";

        public int EntriesRead { get; private set; }

        public bool Fails { get; set; }

        public List<Dictionary<string, long>> Acknowledged { get; } = [];

        public void Append(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var key = Guid.CreateVersion7();
                entries.Add(MessageCodec.Encode(new Tick(key, i), key, DateTimeOffset.UnixEpoch) with { Sequence = entries.Count + 1 });
            }
        }

        public IReadOnlyList<OutboxEntry> Read(long sequence, int limit)
        {
            List<OutboxEntry> page = [.. entries.Skip((int)sequence).Take(limit)];
            EntriesRead += page.Count;
            return page;
        }

        public Task AcknowledgeAsync(IReadOnlyDictionary<string, long> cursors)
        {
            if (Fails)
            {
                throw new IOException("The disk is full.");
            }

            Acknowledged.Add(new Dictionary<string, long>(cursors, StringComparer.Ordinal));
            return Task.CompletedTask;
        }

        public Task<long> DepthAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

        public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

        public void Wake()
        {
        }

        public Task<long> SubscribeAsync(string destination) => Task.FromResult(0L);

        public Task UnsubscribeAsync(string destination) => Task.CompletedTask;

        public Task ForgetMessagesAsync(DateTimeOffset before) => Task.CompletedTask;

        public Task WaitAsync(long sequence, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
