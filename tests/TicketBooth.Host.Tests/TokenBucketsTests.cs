using Microsoft.Extensions.Time.Testing;
using TicketBooth.Host.Web;

namespace TicketBooth.Host.Tests;

public sealed class TokenBucketsTests
{
    private const int Burst = 5;
    private const int PerSecond = 2;

    private readonly FakeTimeProvider clock = new();

    [Test]
    public void A_burst_is_granted_and_then_a_steady_rate()
    {
        var buckets = Create();

        Assert.That(Enumerable.Range(0, Burst).Select(_ => buckets.Take("ana").Left), Is.EqualTo([4, 3, 2, 1, 0]));
        Assert.That(buckets.Take("ana"), Is.EqualTo(new TokenTaken(0, TimeSpan.FromSeconds(0.5))));

        clock.Advance(TimeSpan.FromSeconds(0.4));
        Assert.That(buckets.Take("ana"), Is.EqualTo(new TokenTaken(0, TimeSpan.FromSeconds(0.1))), "a refusal takes nothing");

        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(buckets.Take("ana"), Is.EqualTo(new TokenTaken(0, TimeSpan.Zero)));
        Assert.That(buckets.Take("ana").IsGranted, Is.False);
    }

    [Test]
    public void No_more_flows_in_than_a_bucket_holds()
    {
        var buckets = Create();
        buckets.Take("ana");

        clock.Advance(TimeSpan.FromHours(1));

        Assert.That(buckets.Take("ana").Left, Is.EqualTo(Burst - 1));
    }

    [Test]
    public void Each_holder_has_a_bucket_of_their_own()
    {
        var buckets = Create();
        Empty(buckets, "ana");

        Assert.That(buckets.Take("ana").IsGranted, Is.False);
        Assert.That(buckets.Take("bob").Left, Is.EqualTo(Burst - 1));
    }

    [Test]
    public void Only_full_buckets_are_forgotten()
    {
        var buckets = Create();
        Empty(buckets, "ana");
        clock.Advance(TimeSpan.FromSeconds(1));
        Empty(buckets, "bob");
        clock.Advance(TimeSpan.FromSeconds(1.5));

        buckets.ForgetFull();

        Assert.That(buckets.Count, Is.EqualTo(1));
        Assert.That(buckets.Take("bob").Left, Is.EqualTo(2), "the emptied one is as it was");
        Assert.That(buckets.Take("ana").Left, Is.EqualTo(Burst - 1));
    }

    [Test]
    public async Task A_race_grants_no_more_than_the_bucket_holds_even_while_buckets_are_forgotten()
    {
        const int large = 10_000;
        var buckets = new TokenBuckets(large, perSecond: 1, clock);
        var granted = 0;
        using var taken = new CancellationTokenSource();
        var forgetting = Task.Run(() =>
        {
            while (!taken.IsCancellationRequested)
            {
                buckets.ForgetFull();
            }
        });

        Parallel.For(0, 2 * large, _ =>
        {
            if (buckets.Take("ana").IsGranted)
            {
                Interlocked.Increment(ref granted);
            }
        });
        await taken.CancelAsync();
        await forgetting;

        Assert.That(granted, Is.EqualTo(large));
    }

    private static void Empty(TokenBuckets buckets, string holder)
    {
        while (buckets.Take(holder).IsGranted) { }
    }

    private TokenBuckets Create() => new(Burst, PerSecond, clock);
}
