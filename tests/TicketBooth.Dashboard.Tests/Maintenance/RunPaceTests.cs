using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.Dashboard.Maintenance;

namespace TicketBooth.Dashboard.Tests.Maintenance;

public sealed class RunPaceTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private FakeTimeProvider clock = null!;
    private SalesActivity sales = null!;

    [SetUp]
    public void Prepare()
    {
        clock = new FakeTimeProvider();
        sales = new SalesActivity(clock);
    }

    [Test]
    public void What_a_host_does_by_itself_takes_a_fiftieth_of_the_time() =>
        Assert.That(RestAfter(TimeSpan.FromMilliseconds(100), isRoutine: true, sells: false), Is.EqualTo(TimeSpan.FromMilliseconds(4_900)));

    [Test]
    public void What_somebody_waits_for_rests_only_while_something_is_sold()
    {
        Assert.That(RestAfter(TimeSpan.FromMilliseconds(100), isRoutine: false, sells: false), Is.EqualTo(TimeSpan.Zero));
        Assert.That(
            RestAfter(TimeSpan.FromMilliseconds(100), isRoutine: false, sells: true),
            Is.GreaterThan(TimeSpan.FromMilliseconds(100))
        );
    }

    [Test]
    public void What_a_host_does_by_itself_gives_way_to_selling_but_is_not_taken_for_dead()
    {
        var rest = RestAfter(TimeSpan.FromSeconds(1), isRoutine: true, sells: true);

        Assert.That(rest, Is.GreaterThan(TimeSpan.FromSeconds(15)));
        Assert.That(rest, Is.LessThan(RunRecords.LongestSilence));
    }

    private TimeSpan RestAfter(TimeSpan step, bool isRoutine, bool sells)
    {
        var pace = new RunPace(new SalesPauses(sales, clock), clock, isRoutine);
        clock.Advance(step);
        var began = clock.GetTimestamp();
        if (sells)
        {
            Sell();
        }

        var resting = pace.RestAsync(CancellationToken.None);
        while (!resting.IsCompleted)
        {
            clock.Advance(Tick);
            if (sells)
            {
                Sell();
            }
        }

        return clock.GetElapsedTime(began);
    }

    private void Sell()
    {
        sales.Begin();
        sales.End();
    }
}
