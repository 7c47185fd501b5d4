using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

public sealed class SalesPausesTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private FakeTimeProvider clock = null!;
    private SalesActivity sales = null!;
    private SalesPauses pauses = null!;

    [SetUp]
    public void Prepare()
    {
        clock = new FakeTimeProvider();
        sales = new SalesActivity(clock);
        pauses = new SalesPauses(sales, clock);
    }

    [Test]
    public void Nobody_waits_while_nothing_is_sold() => Assert.That(pauses.WaitAsync(pauses.Now, CancellationToken.None).IsCompleted);

    [Test]
    public void A_single_sale_is_followed_after_a_short_pause()
    {
        Sell();

        Assert.That(WaitedBeside(() => false), Is.EqualTo(SalesPauses.Shortest));
    }

    [Test]
    public void Sales_without_a_pause_hold_followers_up_only_for_so_long() =>
        Assert.That(WaitedBeside(() => true), Is.EqualTo(SalesPauses.LongestWait));

    [Test]
    public void What_has_waited_already_waits_for_the_rest_of_that_time()
    {
        var since = pauses.Now;
        clock.Advance(SalesPauses.LongestWait - (2 * Step));
        Sell();

        var waiting = pauses.WaitAsync(since, CancellationToken.None);
        clock.Advance(Step);
        Assert.That(waiting.IsCompleted, Is.False);
        clock.Advance(Step);
        Assert.That(waiting.IsCompleted);
    }

    [Test]
    public void A_pause_that_comes_in_between_is_used()
    {
        var sold = 0;

        Assert.That(WaitedBeside(() => ++sold <= 40), Is.EqualTo((40 * Step) + SalesPauses.Shortest));
    }

    [Test]
    public void A_stop_ends_the_wait()
    {
        Sell();
        using var stop = new CancellationTokenSource();

        var waiting = pauses.WaitAsync(pauses.Now, stop.Token);
        stop.Cancel();

        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_sale_that_a_store_takes_long_to_write_is_no_pause()
    {
        sales.Begin();

        var since = pauses.Now;
        var waiting = pauses.WaitAsync(since, CancellationToken.None);
        clock.Advance(2 * SalesPauses.Shortest);
        Assert.That(waiting.IsCompleted, Is.False);

        sales.End();
        clock.Advance(SalesPauses.Shortest);
        Assert.That(waiting.IsCompleted);
    }

    private void Sell()
    {
        sales.Begin();
        sales.End();
    }

    /// <summary>How long a follower waits, while at every step something may be sold.</summary>
    private TimeSpan WaitedBeside(Func<bool> sells)
    {
        Sell();
        var since = pauses.Now;
        var waiting = pauses.WaitAsync(since, CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            clock.Advance(Step);
            if (sells())
            {
                Sell();
            }
        }

        return clock.GetElapsedTime(since);
    }
}
