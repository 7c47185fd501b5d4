using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Invariants;

/// <summary>I6: what an order quoted for a ticket was the tier's price then, or had been until shortly before.</summary>
internal sealed class QuotedPriceInvariant(IEventStore events, IPriceHistoryStore prices, TimeProvider clock)
{
    // How much the clocks of hosts may differ.
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(2);

    // How long a former price may be quoted: hosts learn of a new one within two seconds after it is stored, and the five seconds that a
    // store has for its answer may pass between the date of a change and that.
    private static readonly TimeSpan Honoured = TimeSpan.FromSeconds(7);

    // A host that serves keeps no more in memory.
    private const int MostKept = 200;

    private readonly Dictionary<Guid, (DateTimeOffset ReadAt, ILookup<Guid, PriceChange> Changes)> histories = [];

    /// <summary>How many tickets had a price that was in force.</summary>
    public long Tickets { get; private set; }

    public async Task CheckAsync(IReadOnlyList<OrderFacts> orders, InvariantReport report)
    {
        // What is given away at the counter costs nothing, whatever its tier's price is.
        foreach (var order in orders.Where(order => order.Counter is not { Method: CounterMethod.Complimentary }))
        {
            var history = await HistoryAsync(order.EventId, order.PlacedAt, report);
            foreach (var ticket in order.Tickets)
            {
                var isRight = WasInForce([.. history[ticket.TierId]], ticket.Price, order.PlacedAt);
                Tickets += isRight ? 1 : 0;
                var quoted = new Money(ticket.Price, order.Currency);
                report.Expect(
                    isRight,
                    "I6",
                    $"Order {order.OrderId} quoted {quoted} for ticket {ticket.Number} at {order.PlacedAt:O}, not its price then."
                );
            }
        }
    }

    /// <param name="history">The tier's price changes, ascending.</param>
    /// <param name="price">The price that was quoted.</param>
    /// <param name="at">When it was.</param>
    private static bool WasInForce(List<PriceChange> history, long price, DateTimeOffset at)
    {
        for (var i = 0; i < history.Count; i++)
        {
            var wasStill = i + 1 == history.Count || history[i + 1].At >= at - Honoured;
            if (history[i].To == price && history[i].At <= at + ClocksDiffer && wasStill)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="eventId">Whose history.</param>
    /// <param name="placedAt">Of the order that it is for: prices may have moved since the history was read.</param>
    /// <param name="report">Says whether a host serves meanwhile.</param>
    private async Task<ILookup<Guid, PriceChange>> HistoryAsync(Guid eventId, DateTimeOffset placedAt, InvariantReport report)
    {
        if (histories.TryGetValue(eventId, out var history) && placedAt < history.ReadAt - ClocksDiffer)
        {
            return history.Changes;
        }

        if (report.IsServed && histories.Count >= MostKept)
        {
            histories.Clear();
        }

        var readAt = clock.GetUtcNow();
        var changes = await events.FindAsync(eventId) is { } found ? await prices.PricesSinceAsync(found, DateTimeOffset.MinValue) : [];
        history = (readAt, changes.ToLookup(change => change.TierId));
        histories[eventId] = history;
        return history.Changes;
    }
}
