using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>What one buyer may have of one event. 0 switches a limit off.</summary>
/// <param name="MaxTickets">Tickets held or owned.</param>
/// <param name="MaxHolds">Orders on payment.</param>
/// <param name="LapsePause">The pause after a first hold that was not paid; doubles with each further one.</param>
internal sealed record BuyerLimits(int MaxTickets, int MaxHolds, TimeSpan LapsePause)
{
    public static BuyerLimits Of(BookingOptions options) => new(options.MaxTicketsPerBuyer, options.MaxHoldsPerBuyer, options.LapsePause);

    public bool AreOff => MaxTickets == 0 && MaxHolds == 0 && LapsePause == TimeSpan.Zero;
}

/// <summary>
/// Whether a buyer may have another order of an event. Pure: all orders that the buyer ever placed for the event go in. That none is
/// missing is the store's decision, see <see cref="Order.Turn"/>.
/// </summary>
internal static class BuyerRules
{
    /// <summary>Who chooses other seats now and then is not slowed down; who holds tickets by canceling in time is.</summary>
    private const int CancelationsPerLapse = 3;
    private const int MostDoublings = 20;

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public static Error? WhyNot(IReadOnlyCollection<Order> theirs, int quantity, BuyerLimits limits, DateTimeOffset now)
    {
        if (HaveTooMany(theirs, quantity, limits, now))
        {
            var newest = theirs.Where(order => Counts(order, now)).MaxBy(order => order.Turn);
            return newest is null
                ? BookingErrors.TicketLimit(limits.MaxTickets)
                : BookingErrors.TicketLimit(limits.MaxTickets).Naming(newest.Id);
        }

        var holds = theirs.Where(order => order.Status == OrderStatus.OnPayment && Counts(order, now)).ToList();
        if (limits.MaxHolds > 0 && holds.Count >= limits.MaxHolds)
        {
            return BookingErrors.HoldLimit(limits.MaxHolds).Naming(holds.MaxBy(order => order.Turn)!.Id);
        }

        return PausedUntil(theirs, limits, now) is { } end && now < end ? BookingErrors.HoldPause(end - now) : null;
    }

    /// <summary>Whether <paramref name="quantity"/> more tickets would be more than one buyer may have.</summary>
    public static bool HaveTooMany(IEnumerable<Order> theirs, int quantity, BuyerLimits limits, DateTimeOffset now) =>
        limits.MaxTickets > 0 && theirs.Where(order => Counts(order, now)).Sum(order => order.Held.Count) + quantity > limits.MaxTickets;

    /// <summary>A hold that is over does not count, released or not.</summary>
    private static bool Counts(Order order, DateTimeOffset now) => order.HoldsTickets && !IsOverdue(order, now);

    private static bool IsOverdue(Order order, DateTimeOffset now) => order.HoldIsOver(now) && !order.PaymentIsUnderWay;

    private static DateTimeOffset? PausedUntil(IEnumerable<Order> theirs, BuyerLimits limits, DateTimeOffset now)
    {
        var (lapsed, canceled, last) = (0, 0, DateTimeOffset.MinValue);
        foreach (var order in theirs)
        {
            var isLapsed = order.Status == OrderStatus.Expired || IsOverdue(order, now);

            // From the end of the hold, and not from when it was noticed: a late release must not prolong the pause.
            var endedAt = isLapsed ? order.ExpiresAt : order.EndedAt ?? order.ExpiresAt;
            if ((isLapsed || order.Status == OrderStatus.Canceled) && endedAt > now - Remembered)
            {
                (lapsed, canceled) = isLapsed ? (lapsed + 1, canceled) : (lapsed, canceled + 1);
                last = endedAt > last ? endedAt : last;
            }
        }

        var lapses = lapsed + (canceled / CancelationsPerLapse);
        if (lapses == 0 || limits.LapsePause == TimeSpan.Zero)
        {
            return null;
        }

        var pause = limits.LapsePause * Math.Pow(2, Math.Min(lapses - 1, MostDoublings));
        return last + (pause < LongestPause ? pause : LongestPause);
    }
}
