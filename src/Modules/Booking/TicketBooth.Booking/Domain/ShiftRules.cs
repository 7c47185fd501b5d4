using TicketBooth.Booking.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>An entry of a shift, with the order that it stands in.</summary>
internal sealed record EnteredSale(CounterEntry Entry, CounterMethod Method, Guid OrderId);

/// <summary>The arithmetic of shifts. Pure.</summary>
internal static class ShiftRules
{
    /// <summary>
    /// How long an announced entry may take to be written. What was announced earlier and is not there was never written: the lane refuses
    /// to write it by then.
    /// </summary>
    public static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(30);

    /// <summary>Twice that, because hosts' clocks differ.</summary>
    private static readonly TimeSpan LongestWait = 2 * LongestWrite;

    /// <summary>The entries of the shift in the orders that it announced, oldest first; those of one order as it has them.</summary>
    public static IReadOnlyList<EnteredSale> EntriesOf(Shift shift, IEnumerable<Order> orders) =>
        [
            .. orders
                .Where(order => order.Counter is not null)
                .OrderBy(order => order.Id.ToString(), StringComparer.Ordinal)
                .SelectMany(order => order.Counter!.Entries.Select(entry => new EnteredSale(entry, order.Counter.Method, order.Id)))
                .Where(entered => entered.Entry.ShiftId == shift.Id)
                .OrderBy(entered => entered.Entry.At),
        ];

    /// <summary>How many announced entries may still be written.</summary>
    public static int UnderWay(Shift shift, IReadOnlyList<EnteredSale> entries, DateTimeOffset now)
    {
        var written = entries.Select(entered => entered.Entry.Id).ToHashSet();
        return shift.Announced.Count(announced => !written.Contains(announced.EntryId) && now - announced.At < LongestWait);
    }

    public static ShiftSums SumsOf(Shift shift, IReadOnlyList<EnteredSale> entries)
    {
        var sales = entries.Where(entered => entered.Entry.Kind == ShiftEntryKind.Sale).ToList();
        return new ShiftSums(
            sales.Count(entered => entered.Method != CounterMethod.Complimentary),
            sales.Count(entered => entered.Method == CounterMethod.Complimentary),
            entries.Count(entered => entered.Entry.Kind == ShiftEntryKind.Void),
            Sum(entries, CounterMethod.Cash, isIn: true),
            -Sum(entries, CounterMethod.Cash, isIn: false),
            Sum(entries, CounterMethod.CardTerminal, isIn: true),
            -Sum(entries, CounterMethod.CardTerminal, isIn: false),
            shift.Moves.Where(move => move.Amount > 0).Sum(move => move.Amount),
            -shift.Moves.Where(move => move.Amount < 0).Sum(move => move.Amount)
        );
    }

    /// <summary>What must be in the drawer, in cents.</summary>
    public static long Expected(Shift shift, ShiftSums sums) => shift.Float + sums.CashSales - sums.CashBack + sums.PayIns - sums.Drops;

    public static ShiftView ViewOf(Shift shift, IReadOnlyList<EnteredSale> entries)
    {
        var sums = SumsOf(shift, entries);
        var expected = Expected(shift, sums);
        return new ShiftView(
            shift.Id,
            shift.Clerk.Id,
            shift.Clerk.Name,
            shift.Currency,
            shift.Float,
            shift.OpenedAt,
            shift.Close?.At,
            sums,
            expected,
            shift.Close?.Counted,
            shift.Close?.Counted - expected,
            shift.Close?.Note
        );
    }

    public static IReadOnlyList<ShiftEntryView> LinesOf(Shift shift, IReadOnlyList<EnteredSale> entries) =>
        [
            .. entries
                .Select(entered => new ShiftEntryView(
                    entered.Entry.Id,
                    entered.Entry.At,
                    entered.Entry.Kind,
                    entered.Method,
                    entered.Entry.Amount,
                    entered.OrderId,
                    BuildingBlocks.Kernel.SpokenId.Of(entered.OrderId),
                    entered.Entry.Text,
                    entered.Entry.By.Name
                ))
                .Concat(
                    shift.Moves.Select(move => new ShiftEntryView(
                        move.Id,
                        move.At,
                        move.Amount > 0 ? ShiftEntryKind.PayIn : ShiftEntryKind.Drop,
                        Method: null,
                        move.Amount,
                        OrderId: null,
                        OrderNumber: null,
                        move.Reason,
                        move.By.Name
                    ))
                )
                .OrderBy(line => line.At),
        ];

    private static long Sum(IReadOnlyList<EnteredSale> entries, CounterMethod method, bool isIn) =>
        entries.Where(entered => entered.Method == method && entered.Entry.Amount > 0 == isIn).Sum(entered => entered.Entry.Amount);
}
