using System.Collections.Concurrent;
using TicketBooth.BuildingBlocks.Kafka.In;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

public sealed class PartitionQueueTests
{
    private static readonly Guid A = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid B = Guid.Parse("00000000-0000-0000-0000-00000000000b");
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<int> effects = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> gates = new();
    private PartitionQueue<int> queue = null!;

    [SetUp]
    public void Prepare()
    {
        effects.Clear();
        gates.Clear();
        queue = new PartitionQueue<int>(async (record, cancellationToken) =>
        {
            if (gates.TryGetValue(record, out var gate))
            {
                await gate.Task.WaitAsync(cancellationToken);
            }

            effects.Enqueue(record);
        });
    }

    [TearDown]
    public void CleanUp() => queue.Dispose();

    [Test]
    public async Task One_key_waits_for_itself_and_for_no_other()
    {
        var first = Gate(1);
        queue.Enqueue(10, A, 1);
        queue.Enqueue(11, A, 2);
        queue.Enqueue(12, B, 3);

        await Soon.Async(() => effects.Contains(3), "the other key");
        Assert.That(effects, Has.No.Member(2));

        first.SetResult();
        await Soon.Async(() => effects.Count == 3, "the rest");
        Assert.That(effects, Is.EqualTo(new[] { 3, 1, 2 }));
    }

    [Test]
    public async Task An_offset_is_processed_when_all_before_it_are()
    {
        var (first, third) = (Gate(1), Gate(3));
        queue.Enqueue(10, A, 1);
        queue.Skip(11);
        queue.Enqueue(12, B, 2);
        queue.Enqueue(20, B, 3);
        await Soon.Async(() => effects.Contains(2), "the second");
        Assert.That(queue.TakeProcessed(), Is.Null, "10 is open");

        first.SetResult();
        await Soon.Async(() => queue.InFlight == 1, "the first");
        Assert.That(queue.TakeProcessed(), Is.EqualTo(13));
        Assert.That(queue.TakeProcessed(), Is.Null, "it did not move");

        third.SetResult();
        await Soon.Async(() => queue.InFlight == 0, "the third");
        Assert.That(queue.TakeProcessed(), Is.EqualTo(21), "offsets may have holes");
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool However_records_end_the_committed_offset_never_passes_an_open_one(byte[] keys, int seed)
    {
        using var scrambled = new PartitionQueue<int>((record, _) => gates[record].Task);
        var random = new Random(seed);
        var open = new SortedSet<int>();
        for (var offset = 0; offset < keys.Length; offset++)
        {
            Gate(offset);
            open.Add(offset);
            scrambled.Enqueue(offset, new Guid(keys[offset] % 5, 0, 0, new byte[8]), offset);
        }

        long settled = 0;
        foreach (var offset in Enumerable.Range(0, keys.Length).OrderBy(_ => random.Next()))
        {
            gates[offset].SetResult();
            open.Remove(offset);
            settled = scrambled.TakeProcessed() ?? settled;
            if (open.Count > 0 && settled > open.Min)
            {
                return false;
            }
        }

        SpinWait.SpinUntil(() => scrambled.InFlight == 0, Deadline);
        return (scrambled.TakeProcessed() ?? settled) == keys.Length;
    }

    [Test]
    public async Task Capacity_is_waited_for()
    {
        var first = Gate(1);
        queue.Enqueue(10, A, 1);
        Assert.That(queue.WaitForCapacity(1, TimeSpan.FromMilliseconds(10)), Is.False);

        var waiting = Task.Run(() => queue.WaitForCapacity(1, Deadline));
        first.SetResult();

        Assert.That(await waiting.WithinDeadlineAsync(), Is.True);
        Assert.That(queue.InFlight, Is.Zero);
    }

    [Test]
    public async Task A_closed_queue_ends_what_is_under_way_and_begins_nothing()
    {
        var first = Gate(1);
        queue.Enqueue(10, A, 1);
        queue.Enqueue(11, A, 2);
        queue.Close();
        Assert.That(queue.WaitForEnd(TimeSpan.FromMilliseconds(10)), Is.False);

        first.SetResult();

        Assert.That(await Task.Run(() => queue.WaitForEnd(Deadline)), Is.True);
        Assert.That(effects, Is.EqualTo(new[] { 1 }));
        Assert.That(queue.TakeProcessed(), Is.EqualTo(11), "the second is somebody else's");
    }

    [Test]
    public async Task What_is_cancelled_stays_open()
    {
        Gate(1);
        queue.Enqueue(10, A, 1);
        queue.Close();

        queue.Cancel();

        Assert.That(await Task.Run(() => queue.WaitForEnd(Deadline)), Is.True);
        Assert.That(effects, Is.Empty);
        Assert.That(queue.TakeProcessed(), Is.Null);
    }

    private TaskCompletionSource Gate(int record) => gates[record] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
}
