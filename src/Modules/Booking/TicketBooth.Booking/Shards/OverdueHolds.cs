using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>Expires holds that are over and were not released yet, before somebody is refused because of them.</summary>
/// <param name="store">Of the orders.</param>
/// <param name="maps">Of the tickets that are taken.</param>
/// <param name="metrics">Counts the orders that expire.</param>
/// <param name="changing">Orders that the batch is about to change: they are left alone.</param>
/// <param name="now">When the batch began.</param>
internal sealed class OverdueHolds(IOrderStore store, TicketMaps maps, LaneMetrics metrics, HashSet<Guid> changing, DateTimeOffset now)
{
    private const int PageSize = 1_000;

    private bool hasReleasedAll;

    public bool Includes(Order order) => order.HoldIsOver(now) && !order.PaymentIsUnderWay;

    /// <summary>Expires all of them; once in a batch.</summary>
    /// <returns>Whether there were any.</returns>
    public async ValueTask<bool> ReleaseAllAsync()
    {
        if (hasReleasedAll)
        {
            return false;
        }

        hasReleasedAll = true;
        for (var found = false; ; found = true)
        {
            var overdue = await store.DueAsync(now, paymentUnderWay: false, PageSize);
            await ReleaseAsync([.. overdue.Where(order => !changing.Contains(order.Id))]);
            if (overdue.Count < PageSize)
            {
                return found || overdue.Count > 0;
            }
        }
    }

    public async Task ReleaseAsync(IReadOnlyList<Order> overdue)
    {
        var changes = overdue
            .Select(order => OrderRules.Expire(order, settledPaymentId: null, now))
            .Where(change => !change.IsNothing)
            .ToList();
        if (changes.Count == 0)
        {
            return;
        }

        changes.ForEach(change => maps.Taken.Forget(change.After));
        var outcomes = await store.WriteAsync(changes.ConvertAll(change => new OrderWrite(change, Inbox: null)));
        for (var i = 0; i < changes.Count; i++)
        {
            if (outcomes[i] == WriteOutcome.Written)
            {
                metrics.Changed(changes[i]);
                maps.Apply(changes[i]);
            }
        }
    }
}
