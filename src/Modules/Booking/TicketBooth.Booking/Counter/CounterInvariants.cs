using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Counter;

/// <summary>
/// Checks the counter's money and gifts: the entries of each sale make what is left of it, each stands in the shift that it was announced
/// to, what was expected at a close is what the entries make, and no more was given away than the event's allowance.
/// </summary>
internal sealed class CounterInvariants(IShiftStore store, ShiftBook book)
{
    private const int PageSize = 200;

    private readonly Dictionary<Guid, HashSet<Guid>> entered = [];
    private readonly Dictionary<Guid, (int Turn, int Allowance, int Given)> gifts = [];
    private long sales;

    /// <summary>Looks at an order of the counter.</summary>
    public void Look(Order order, InvariantReport report)
    {
        if (order.Counter is not { } sale)
        {
            return;
        }

        sales++;
        var settled = order.Refunds.Where(refund => refund.Status == OrderRefundStatus.Settled).Sum(refund => refund.Amount);
        var taken = sale.Entries.Sum(entry => entry.Amount);
        report.Expect(
            taken == order.Total - settled,
            "I5",
            $"order {order.Id} was sold at the counter for {order.Total} less {settled}; its shifts have {taken} of it"
        );
        foreach (var entry in sale.Entries)
        {
            (entered.TryGetValue(entry.ShiftId, out var ofShift) ? ofShift : entered[entry.ShiftId] = []).Add(entry.Id);
        }

        if (sale.IsComplimentary)
        {
            var known = gifts.GetValueOrDefault(order.EventId);
            var isNewest = order.Turn >= known.Turn;
            gifts[order.EventId] = (
                isNewest ? order.Turn!.Value : known.Turn,
                isNewest ? sale.Allowance ?? 0 : known.Allowance,
                known.Given + order.Held.Count
            );
        }
    }

    public async Task ReportAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        foreach (var (eventId, (_, allowance, given)) in gifts)
        {
            report.Expect(given <= allowance, "I5", $"{given} tickets of event {eventId} were given away, and {allowance} may be");
        }

        long closed = 0;
        foreach (var (shiftId, entries) in entered)
        {
            if (await store.FindAsync(shiftId) is { } shift)
            {
                var announced = shift.Announced.Select(known => known.EntryId).ToHashSet();
                report.Expect(entries.IsSubsetOf(announced), "I5", $"shift {shiftId} does not know of all its entries");
            }
            else
            {
                report.Expect(false, "I5", $"there is no shift {shiftId}, and orders have entries of it");
            }
        }

        var filter = new ShiftFilter(IsOpen: false);
        while (await store.ListAsync(filter, PageSize) is { Count: > 0 } page)
        {
            foreach (var shift in page)
            {
                closed++;
                var expected = ShiftRules.Expected(shift, ShiftRules.SumsOf(shift, await book.EntriesAsync(shift)));
                report.Expect(
                    shift.Close!.Expected == expected,
                    "I5",
                    $"shift {shift.Id} was closed with {shift.Close.Expected} expected, and its entries make {expected}"
                );
            }

            filter = filter with { Before = (page[^1].OpenedAt, page[^1].Id) };
            await report.StepAsync(cancellationToken);
        }

        report.Count("I5", "counter sales, each with its money in a shift", sales);
        report.Count("I5", "closed shifts, each as expected", closed);
    }
}
