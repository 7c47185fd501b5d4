using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>Who gives money of a counter sale back, and out of which shift.</summary>
/// <param name="Id">Of the operation: of the refund, and of the entry.</param>
/// <param name="ShiftId">Null when no money moves.</param>
/// <param name="Reference">Of the reversal on the card terminal: without one nobody can tell that the money went back.</param>
internal sealed record PayBack(Guid Id, Guid? ShiftId, ShiftEntryKind Kind, string? Reason, string? Reference, Actor By, bool IsAdmin)
{
    /// <summary>As <see cref="CounterTerms.NotAfter"/>.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Why there is no shift, for a change that moves money.</summary>
    public Error NoShift { get; init; } = BookingErrors.NoOpenShift;

    /// <summary>What the entry says.</summary>
    public string? Text =>
        Reference is null ? Reason
        : Reason is null ? Reference
        : $"{Reference}: {Reason}";

    /// <summary>What a clerk typed as a reference; null for nothing.</summary>
    public static string? ReferenceOf(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    /// <summary>Whether the reference is missing: money of a card goes back on the terminal. Cash needs none.</summary>
    public bool LacksReference(CounterSale sale) => sale.Method == CounterMethod.CardTerminal && Reference is null;
}

/// <summary>A sale at the counter that is to be written.</summary>
/// <param name="Sale">Without its entry.</param>
/// <param name="ShiftId">The shift that it was announced to; null for a complimentary sale outside a shift.</param>
/// <param name="NotAfter">What is not decided by then is never written: the shift counts on it.</param>
internal sealed record CounterTerms(CounterSale Sale, Guid? ShiftId, DateTimeOffset NotAfter);

/// <summary>How orders are sold at the counter and taken back there. Pure, as <see cref="OrderRules"/> are.</summary>
internal static class CounterRules
{
    /// <summary>An order that is sold, its money in the shift.</summary>
    /// <param name="placed">As <see cref="OrderRules.Place"/> decided it.</param>
    public static Result<OrderChange> Sell(OrderChange placed, CounterTerms terms, DateTimeOffset now)
    {
        var (order, sale) = (placed.After, terms.Sale);
        if (now > terms.NotAfter)
        {
            return BookingErrors.Busy;
        }

        if (sale.Tendered < order.Total)
        {
            return BookingErrors.TenderedTooLittle(order.Total);
        }

        var entered = terms.ShiftId is { } shift
            ? sale.With(
                new CounterEntry(
                    order.Id,
                    shift,
                    ShiftEntryKind.Sale,
                    order.Total,
                    sale.Reference ?? sale.Reason,
                    sale.Clerk,
                    order.PlacedAt
                )
            )
            : sale;
        return OrderRules.PayAtOnce(placed, entered);
    }

    /// <summary>See the request <see cref="VoidCounterSale"/>.</summary>
    public static Result<OrderChange> Void(Order order, PayBack terms, string reason, DateTimeOffset now)
    {
        if (order.Counter is not { } sale)
        {
            return BookingErrors.NotACounterSale;
        }

        if (order.Refunds.Any(refund => refund.Id == terms.Id))
        {
            return OrderChange.Nothing(order);
        }

        return now >= sale.VoidableUntil
            ? BookingErrors.VoidClosed
            : Pay(
                RefundRules.Refund(
                    order,
                    new RefundTerms(terms.Id, TicketIds: null, Amount: null, ReleaseTickets: true, reason, terms.By),
                    now
                ),
                terms,
                now
            );
    }

    /// <summary>
    /// The money of a decided refund leaves the shift. An order that its buyer placed has a payment, and its money another way.
    /// </summary>
    public static Result<OrderChange> Pay(Result<OrderChange> decided, PayBack? terms, DateTimeOffset now)
    {
        if (
            decided.Error is not null
            || decided.Value is not { Before: { Counter: { } sale } before, After: var after } change
            || terms is null
        )
        {
            return decided;
        }

        if (change.IsNothing)
        {
            return change;
        }

        if (now >= sale.VoidableUntil && !terms.IsAdmin)
        {
            return BookingErrors.AdministratorNeeded;
        }

        if (now > terms.NotAfter)
        {
            return BookingErrors.Busy;
        }

        var amount = after.OwedAtCounter - before.OwedAtCounter;
        if (terms.ShiftId is not { } shift)
        {
            return amount == 0 ? change : terms.NoShift;
        }

        if (amount == 0 && terms.Kind != ShiftEntryKind.Void)
        {
            return change;
        }

        if (amount > 0 && terms.LacksReference(sale))
        {
            return BookingErrors.ReferenceNeeded;
        }

        var entry = new CounterEntry(terms.Id, shift, terms.Kind, -amount, terms.Text, terms.By, now);
        return change with { After = Settle(after, [.. after.Refunds.Skip(before.Refunds.Count)]) with { Counter = sale.With(entry) } };
    }

    /// <summary>What the buyer still has to get is paid back; see the request <see cref="PayBackAtCounter"/>.</summary>
    public static Result<OrderChange> PayOwed(Order order, PayBack terms, DateTimeOffset now)
    {
        if (order.Counter is not { } sale)
        {
            return BookingErrors.NotACounterSale;
        }

        if (sale.Has(terms.Id))
        {
            return OrderChange.Nothing(order);
        }

        if (order.OwedAtCounter == 0)
        {
            return BookingErrors.NothingOwed;
        }

        if (terms.LacksReference(sale))
        {
            return BookingErrors.ReferenceNeeded;
        }

        if (now > terms.NotAfter)
        {
            return BookingErrors.Busy;
        }

        if (terms.ShiftId is not { } shift)
        {
            return terms.NoShift;
        }

        var entry = new CounterEntry(terms.Id, shift, terms.Kind, -order.OwedAtCounter, terms.Text, terms.By, now);
        return new OrderChange(order, Settle(order, order.Refunds) with { Counter = sale.With(entry), Version = order.Version + 1 });
    }

    /// <summary>The sale without what its buyer gave the clerk. The order, its money and its tickets stay as they are.</summary>
    public static Result<OrderChange> ForgetBuyer(Order order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return order.Counter is { } sale && (sale.BuyerName ?? sale.Email ?? sale.Language) is not null
            ? new OrderChange(
                order,
                order with
                {
                    Counter = sale with { BuyerName = null, Email = null, Language = null },
                    Version = order.Version + 1,
                }
            )
            : OrderChange.Nothing(order);
    }

    private static Order Settle(Order order, IReadOnlyList<OrderRefund> paid)
    {
        var ids = paid.Select(refund => refund.Id).ToHashSet();
        return order with
        {
            Refunds =
            [
                .. order.Refunds.Select(refund =>
                    ids.Contains(refund.Id) && refund.Status == OrderRefundStatus.Asked
                        ? refund with
                        {
                            Status = OrderRefundStatus.Settled,
                        }
                        : refund
                ),
            ],
        };
    }
}
