using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Invariants;

/// <summary>
/// I7: an event's released tickets fit its capacity, and its counters are what a recount of its tickets gives.
/// </summary>
internal static class TicketCounterInvariant
{
    /// <summary>Checks one event as it was at one moment.</summary>
    /// <remarks>What the tickets say is right: a counter that drifted has one right value.</remarks>
    public static void Check(Ledger ledger, InvariantReport report, Func<CancellationToken, Task<bool>>? recount = null)
    {
        var audited = ledger.Event;
        report.Expect(
            audited.Released <= audited.Capacity,
            "I7",
            $"Event {audited.Id} released {audited.Released} tickets into a venue for {audited.Capacity}."
        );
        var states = ledger.States;
        foreach (var tier in audited.Tiers)
        {
            var name = $"Tier {tier.Id} of event {audited.Id}";
            var (held, sold) = ledger.CountOf(tier);
            report.Expect(
                tier.Held == held && tier.Sold == sold,
                "I7",
                $"{name} counts {tier.Held} on payment and {tier.Sold} sold; its tickets say {held} and {sold}.",
                recount
            );
            report.Expect(
                tier.Held >= 0 && tier.Sold >= 0 && tier.Held + tier.Sold <= tier.Released,
                "I7",
                $"{name} counts {tier.Held} on payment and {tier.Sold} sold of {tier.Released} tickets."
            );
            var own = tier.Without(audited.Blocks);
            report.Expect(
                tier == own,
                "I7",
                $"{name} counts {tier.OffSale} on hold and {tier.Withdrawn} withdrawn; its blocks say {own.OffSale} and {own.Withdrawn}."
            );
        }

        foreach (var number in states.Keys.Where(number => !audited.Tiers.Any(tier => tier.Has(number))))
        {
            report.Violation("I7", FormattableString.Invariant($"Ticket {number} of event {audited.Id} is taken and was never released."));
        }

        var claimed = ledger
            .Claims.GroupBy(claim => claim.OrderId)
            .ToDictionary(claims => claims.Key, claims => (Count: claims.Count(), Sold: claims.Count(claim => claim.IsSold)));
        foreach (var order in ledger.ActiveOrders)
        {
            var (count, sold) = claimed.GetValueOrDefault(order.OrderId);
            var held = order.Tickets - order.Released;
            var expected = order.State == TicketState.Sold ? held : 0;
            report.Expect(
                count == held && sold == expected,
                "I7",
                $"Order {order.OrderId} is {order.State} with {held} tickets; {count} stand in its name, {sold} of them sold."
            );
            claimed.Remove(order.OrderId);
        }

        foreach (var orderId in claimed.Keys)
        {
            report.Violation("I7", $"Order {orderId} gave its tickets of event {audited.Id} back, and some still stand in its name.");
        }
    }
}
