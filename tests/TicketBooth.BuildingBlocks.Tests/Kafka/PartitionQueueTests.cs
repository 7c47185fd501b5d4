using System.Collections.Concurrent;
using TicketBooth.BuildingBlocks.Kafka.In;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

public sealed class KafkaLaneTests
{
    private static readonly Guid A = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid B = Guid.Parse("00000000-0000-0000-0000-00000000000b");
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<int> effects = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> gates = new();
    private PartitionQueue<int> lane = null!;

    [SetUp]
    public void Prepare()
    {
        effects.Clear();
        gates.Clear();
        lane = new PartitionQueue<int>(async (record, cancellationToken) =>
        {
            if (gates.TryGetValue(record, out var gate))
            {
                await gate.Task.WaitAsync(cancellationToken);
            }

            effects.Enqueue(record);
        });
    }

    [TearDown]
    public void CleanUp() => lane.Dispose();

    [Test]
    public async Task One_key_waits_for_itself_and_for_no_other()
    {
        var first = Gate(1);
        lane.Take(10, A, 1);
        lane.Take(11, A, 2);
        lane.Take(12, B, 3);

        await Soon.Async(() => effects.Contains(3), "the other key");
        Assert.That(effects, Has.No.Member(2));

        first.SetResult();
        await Soon.Async(() => effects.Count == 3, "the rest");
        Assert.That(effects, Is.EqualTo(new[] { 3, 1, 2 }));
    }

    [Test]
    public async Task Settled_is_what_has_nothing_open_before_it()
    {
        var (first, third) = (Gate(1), Gate(3));
        lane.Take(10, A, 1);
        lane.Skip(11);
        lane.Take(12, B, 2);
        lane.Take(20, B, 3);
        await Soon.Async(() => effects.Contains(2), "the second");
        Assert.That(lane.TakeSettled(), Is.Null, "10 is open");

        first.SetResult();
        await Soon.Async(() => lane.InHand == 1, "the first");
        Assert.That(lane.TakeSettled(), Is.EqualTo(13));
        Assert.That(lane.TakeSettled(), Is.Null, "it did not move");

        third.SetResult();
        await Soon.Async(() => lane.InHand == 0, "the third");
        Assert.That(lane.TakeSettled(), Is.EqualTo(21), "offsets may have holes");
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool However_effects_end_settled_never_passes_an_open_one(byte[] keys, int seed)
    {
        using var scrambled = new PartitionQueue<int>((record, _) => gates[record].Task);
        var random = new Random(seed);
        var open = new SortedSet<int>();
        for (var offset = 0; offset < keys.Length; offset++)
        {
            Gate(offset);
            open.Add(offset);
            scrambled.Take(offset, new Guid(keys[offset] % 5, 0, 0, new byte[8]), offset);
        }

        long settled = 0;
        foreach (var offset in Enumerable.Range(0, keys.Length).OrderBy(_ => random.Next()))
        {
            gates[offset].SetResult();
            open.Remove(offset);
            settled = scrambled.TakeSettled() ?? settled;
            if (open.Count > 0 && settled > open.Min)
            {
                return false;
            }
        }

        SpinWait.SpinUntil(() => scrambled.InHand == 0, Deadline);
        return (scrambled.TakeSettled() ?? settled) == keys.Length;
    }

    [Test]
    public async Task Room_is_waited_for()
    {
        var first = Gate(1);
        lane.Take(10, A, 1);
        Assert.That(lane.WaitForRoom(1, TimeSpan.FromMilliseconds(10)), Is.False);

        var waiting = Task.Run(() => lane.WaitForRoom(1, Deadline));
        first.SetResult();

        Assert.That(await waiting.WithinDeadlineAsync(), Is.True);
        Assert.That(lane.InHand, Is.Zero);
    }

    [Test]
    public async Task A_closed_lane_ends_what_is_under_way_and_begins_nothing()
    {
        var first = Gate(1);
        lane.Take(10, A, 1);
        lane.Take(11, A, 2);
        lane.Close();
        Assert.That(lane.WaitForEnd(TimeSpan.FromMilliseconds(10)), Is.False);

        first.SetResult();

        Assert.That(await Task.Run(() => lane.WaitForEnd(Deadline)), Is.True);
        Assert.That(effects, Is.EqualTo(new[] { 1 }));
        Assert.That(lane.TakeSettled(), Is.EqualTo(11), "the second is somebody else's");
    }

    [Test]
    public async Task What_is_cancelled_stays_open()
    {
        Gate(1);
        lane.Take(10, A, 1);
        lane.Close();

        lane.Cancel();

        Assert.That(await Task.Run(() => lane.WaitForEnd(Deadline)), Is.True);
        Assert.That(effects, Is.Empty);
        Assert.That(lane.TakeSettled(), Is.Null);
    }

    private TaskCompletionSource Gate(int record) => gates[record] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
}
