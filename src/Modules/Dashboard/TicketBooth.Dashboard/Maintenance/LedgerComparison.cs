using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Something that the read model and the ledger disagree about.</summary>
/// <param name="Id">Of the event, order or payment.</param>
/// <param name="Text">What differs, for people.</param>
internal sealed record Difference(Guid Id, string Text);

/// <summary>Compares facts of the ledger with the rows of the read model.</summary>
internal sealed class LedgerComparison(DashboardDbContext db)
{
    private readonly Dictionary<Guid, long> eventVersions = [];

    /// <summary>
    /// Whether the event is the same as when it was compared. A changed one may have a message under way again; the next run compares
    /// it.
    /// </summary>
    public bool IsUnchanged(EventFacts facts) => facts.Version == eventVersions[facts.Id];

    public async Task<List<Difference>> OfEventsAsync(IReadOnlyList<EventFacts> ledger, CancellationToken cancellationToken)
    {
        var ids = ledger.Select(facts => facts.Id).ToList();
        var rows = await db.Events.Where(shown => ids.Contains(shown.Id)).ToDictionaryAsync(shown => shown.Id, cancellationToken);
        var found = new List<Difference>();
        foreach (var facts in ledger.Where(facts => facts.IsPublished))
        {
            // The version is not compared: some changes of an event concern nothing that is copied, and send no message.
            var wanted = new EventUpdate(facts).ToRow();
            eventVersions[facts.Id] = facts.Version;
            if (!rows.TryGetValue(facts.Id, out var row))
            {
                found.Add(new Difference(facts.Id, $"event {facts.Id} is missing"));
            }
            else if (row with { Version = wanted.Version, Tiers = wanted.Tiers } != wanted || !row.Tiers.SequenceEqual(wanted.Tiers))
            {
                found.Add(new Difference(facts.Id, $"event {facts.Id} is not as the ledger has it"));
            }
        }

        return found;
    }

    public async Task<List<Difference>> OfOrdersAsync(IReadOnlyList<OrderFacts> ledger, CancellationToken cancellationToken)
    {
        var ids = ledger.Select(facts => facts.OrderId).ToList();
        var rows = await db.Orders.Where(order => ids.Contains(order.Id)).ToDictionaryAsync(order => order.Id, cancellationToken);
        return
        [
            .. ledger
                .Where(facts => !facts.HasPendingMessages)
                .Select(facts => (facts.OrderId, Text: TextOf(facts, rows.GetValueOrDefault(facts.OrderId))))
                .Where(compared => compared.Text is not null)
                .Select(compared => new Difference(compared.OrderId, compared.Text!)),
        ];
    }

    public async Task<List<Difference>> OfPaymentsAsync(IReadOnlyList<PaymentFacts> ledger, CancellationToken cancellationToken)
    {
        var ids = ledger.Select(facts => facts.PaymentId).ToList();
        var rows = await db.Payments.Where(payment => ids.Contains(payment.Id)).ToDictionaryAsync(payment => payment.Id, cancellationToken);
        return
        [
            .. ledger
                .Where(facts => !facts.HasPendingMessages)
                .Select(facts => (facts.PaymentId, Text: TextOf(facts, rows.GetValueOrDefault(facts.PaymentId))))
                .Where(compared => compared.Text is not null)
                .Select(compared => new Difference(compared.PaymentId, compared.Text!)),
        ];
    }

    /// <summary>Sums that are not what the event's orders add up to.</summary>
    /// <param name="counted">By the orders.</param>
    /// <param name="stored">As they are stored.</param>
    /// <param name="minutesFrom">Minutes before this one are forgotten, or are about to be (<see cref="ForgetMinutesWorker"/>).</param>
    public static IEnumerable<string> OfSums(
        Dictionary<SalesKey, SalesFigures> counted,
        Dictionary<SalesKey, SalesFigures> stored,
        long minutesFrom
    ) =>
        from key in counted.Keys.Union(stored.Keys)
        where key.Span != SalesSpan.Minute || key.At >= minutesFrom
        let expected = counted.GetValueOrDefault(key, SalesFigures.None)
        let found = stored.GetValueOrDefault(key, SalesFigures.None)
        where expected != found
        select FormattableString.Invariant($"sales of event {key.EventId}, tier {key.TierId}, {key.Span} {key.At}: ")
            + FormattableString.Invariant($"{found}; its orders make {expected}");

    private static string? TextOf(OrderFacts facts, OrderRow? row)
    {
        if (row is null)
        {
            return $"order {facts.OrderId} is missing";
        }

        if (row.Status != facts.Status || row.Total != facts.Total || row.EventId != facts.EventId)
        {
            return $"order {row.Id} is {row.Status} with {new Money(row.Total, facts.Currency)} of event {row.EventId}; "
                + $"the ledger says {facts.Status}, {new Money(facts.Total, facts.Currency)}, {facts.EventId}";
        }

        if (row.Returned() != facts.Returned || row.Released() != facts.Tickets.Count(ticket => ticket.Released || IsRefunded(facts)))
        {
            return $"order {row.Id} gave back {new Money(row.Returned(), facts.Currency)} and {row.Released()} tickets; "
                + $"the ledger says {new Money(facts.Returned, facts.Currency)}, "
                + $"{facts.Tickets.Count(ticket => ticket.Released || IsRefunded(facts))}";
        }

        var (failed, disputes) = (FailedOf(row.Refunds), row.Disputes ?? []);
        if (failed != FailedOf(RefundLines.Of(facts)) || !disputes.SequenceEqual(DisputeLines.Of(facts) ?? []))
        {
            return $"order {row.Id} has {new Money(failed, facts.Currency)} in refunds that failed and {disputes.Count} disputes; "
                + $"the ledger says {new Money(FailedOf(RefundLines.Of(facts)), facts.Currency)}, {facts.Disputes.Count}, or other ones";
        }

        if (row.SoldBy != OrderUpdate.SoldByOf(facts))
        {
            return $"order {row.Id} was sold by {row.SoldBy}; the ledger says {OrderUpdate.SoldByOf(facts)}";
        }

        return row.PlacedAt != facts.PlacedAt || row.PaidAt != facts.PaidAt || row.EndedAt != facts.EndedAt
            ? $"order {row.Id} has other times than the ledger"
            : null;
    }

    private static long FailedOf(IReadOnlyList<RefundLine>? refunds) =>
        (refunds ?? []).Where(line => line.FailedAt is not null).Sum(line => line.Amount);

    /// <summary>No ticket of a refunded order is held, also of one that was refunded before tickets were marked.</summary>
    private static bool IsRefunded(OrderFacts facts) => facts.Status == OrderStatus.Refunded;

    private static string? TextOf(PaymentFacts facts, PaymentRow? row)
    {
        if (row is null)
        {
            return $"payment {facts.PaymentId} is missing";
        }

        return (row.Status, row.Amount, row.Currency, row.OrderId) != (facts.Status, facts.Amount, facts.Currency, facts.OrderId)
            ? $"payment {row.Id} is {row.Status} with {new Money(row.Amount, row.Currency)}; "
                + $"the ledger says {facts.Status}, {new Money(facts.Amount, facts.Currency)}"
            : null;
    }
}
