using TicketBooth.ChaosTests.Houses;
using TicketBooth.Gateways.Stripe;

namespace TicketBooth.ChaosTests.Faults;

/// <summary>What a gateway does on a bad day.</summary>
internal static class GatewayFaults
{
    // More than are asked while a fault lasts.
    private const int Many = 10_000;

    private static readonly TimeSpan slow = TimeSpan.FromMilliseconds(700);

    public static IEnumerable<Fault> Of(StripeOffice office, FaultTimes times) =>
        [
            new("gateway slow", 2, dice => SlowAsync(office, times.Some(dice))),
            new("gateway hangs", 2, dice => HangAsync(office, times.Some(dice))),
            new("gateway away", 1, dice => CutAsync(office, times.Some(dice))),
            new("gateway fails", 2, dice => FailAsync(office, faults => faults.Fail(StripeOperation.Any, dice.Next(2) == 0 ? 500 : 503, Many), times.Some(dice))),
            new("gateway works and does not say so", 2, dice => FailAsync(office, faults => WorkInSilence(faults, dice), times.Some(dice))),
        ];

    /// <summary>The money moves, and the answer is lost: it hangs, the connection breaks, or the answer is a 500.</summary>
    private static void WorkInSilence(StripeFaults faults, Random dice)
    {
        foreach (var operation in new[] { StripeOperation.CreateIntent, StripeOperation.CreateRefund })
        {
            switch (dice.Next(3))
            {
                case 0:
                    faults.WorkThenSilence(operation, Many);
                    break;
                case 1:
                    faults.WorkThenBreak(operation, Many);
                    break;
                default:
                    faults.WorkThenFail(operation, Many);
                    break;
            }
        }
    }

    private static async Task SlowAsync(StripeOffice office, TimeSpan time)
    {
        office.Proxy.Slow(slow);
        await Task.Delay(time);
        office.Proxy.Restore();
    }

    private static async Task HangAsync(StripeOffice office, TimeSpan time)
    {
        office.Proxy.Hush();
        await Task.Delay(time);
        office.Proxy.Restore();
    }

    private static async Task CutAsync(StripeOffice office, TimeSpan time)
    {
        office.Proxy.Cut();
        await Task.Delay(time);
        office.Proxy.Restore();
    }

    private static async Task FailAsync(StripeOffice office, Action<StripeFaults> spoil, TimeSpan time)
    {
        spoil(office.Faults);
        await Task.Delay(time);
        office.Faults.Clear();
    }
}
