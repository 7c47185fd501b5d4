using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Retries;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Retries;

[TestFixture]
internal sealed class RetryQueueTests
{
    private FakeTimeProvider clock = null!;
    private RetryQueue<int> queue = null!;

    [SetUp]
    public void Make()
    {
        clock = new FakeTimeProvider();
        queue = new RetryQueue<int>(clock, NullLogger<RetryQueue<int>>.Instance);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await queue.StopAsync();
        queue.Dispose();
    }

    [Test]
    public async Task Works_on_no_more_than_so_many_at_once()
    {
        var running = 0;
        var most = 0;
        var done = 0;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Start(4, async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == 4)
            {
                full.TrySetResult();
            }

            await full.Task;
            Interlocked.Decrement(ref running);
            Interlocked.Increment(ref done);
            return true;
        });

        for (var i = 0; i < 50; i++)
        {
            queue.Add(i);
        }

        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref done)), count => count == 50, "all work to be done");
        Assert.That(most, Is.EqualTo(4));
    }

    [Test]
    public async Task Does_not_begin_before_an_item_is_due()
    {
        var done = new ConcurrentQueue<int>();
        queue.Start(1, (item, _) =>
        {
            done.Enqueue(item);
            return Task.FromResult(true);
        });

        queue.Add(1, TimeSpan.FromSeconds(10));
        queue.Add(2, TimeSpan.FromSeconds(5));
        queue.Add(3);
        await Eventually.Async(() => Task.FromResult(done.Count), count => count == 1, "the first");
        clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Async(() => Task.FromResult(done.Count), count => count == 2, "the second");
        clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Async(() => Task.FromResult(done.Count), count => count == 3, "the third");

        Assert.That(done, Is.EqualTo(new[] { 3, 2, 1 }));
    }

    [Test]
    public async Task Takes_an_item_that_it_has_already_once_and_again_when_it_is_done()
    {
        var runs = 0;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Start(4, async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            await go.Task;
            return true;
        });
        queue.Add(1);
        queue.Add(1);
        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref runs)), count => count == 1, "the first run");
        queue.Add(1);
        go.SetResult();

        var runsBefore = runs;
        await Eventually.Async(
            () =>
            {
                queue.Add(1);
                return Task.FromResult(Volatile.Read(ref runs));
            },
            count => count > 1,
            "another run");
        Assert.That(runsBefore, Is.EqualTo(1));
    }

    [TestCase(0, 200)]
    [TestCase(1, 400)]
    [TestCase(5, 6_400)]
    [TestCase(9, 60_000)]
    [TestCase(1_000_000, 60_000)]
    public void Waits_longer_each_time_up_to_a_minute(int attempt, int milliseconds) =>
        Assert.That(RetryQueue<int>.PauseAfter(attempt), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
