using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Upkeep;

/// <summary>
/// Compares the read model with the ledger: every event, order and payment both ways, and every sum with the orders that it is the sum of. What a message that is
/// still under way may explain is looked at again, and again as long as some of it goes away meanwhile; what is left when nothing moves any more is a difference.
/// </summary>
internal sealed class Reconciliation(
    IMediator mediator,
    DashboardDbContext db,
    ReadModelWriter writer,
    DashboardZone zone,
    TimeProvider clock
) : IUpkeep
{
    private const int PageSize = 500;
    private const int MostLines = 100;

    /// <summary>Longer than no message at all arrives while some are under way; a broker takes ten seconds to see that a host is gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<string> lines = [];
    private readonly Dictionary<Guid, long> eventVersions = [];
    private long differences;
    private long seen;

    public RunKind Kind => RunKind.Reconciliation;

    public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
    {
        var events = await SuspectsAsync(
            after => mediator.Send(new ListEventFacts(after, PageSize), cancellationToken),
            facts => facts.Id,
            facts => EventDifferencesAsync(facts, cancellationToken),
            _ => progress(0)
        );
        var orders = await SuspectsAsync(
            after => mediator.Send(new ListOrderFacts(after, PageSize), cancellationToken),
            facts => facts.OrderId,
            facts => OrderDifferencesAsync(facts, cancellationToken),
            done => progress(seen = done)
        );
        var payments = await SuspectsAsync(
            after => mediator.Send(new ListPaymentFacts(after, PageSize), cancellationToken),
            facts => facts.PaymentId,
            facts => PaymentDifferencesAsync(facts, cancellationToken),
            _ => progress(seen)
        );
        await LookAgainAsync(events, orders, payments, cancellationToken);
        await FindUnknownAsync(
            "event",
            after => db.Events.Where(row => row.Id.CompareTo(after) > 0).OrderBy(row => row.Id).Select(row => row.Id),
            async ids =>
                (await mediator.Send(new GetEventFacts(ids), cancellationToken))
                    .Value.Where(facts => facts.IsPublished)
                    .Select(facts => facts.Id),
            () => progress(seen),
            cancellationToken
        );
        await FindUnknownAsync(
            "order",
            after => db.Orders.Where(row => row.Id.CompareTo(after) > 0).OrderBy(row => row.Id).Select(row => row.Id),
            async ids => (await mediator.Send(new GetOrderFacts(ids), cancellationToken)).Value.Select(facts => facts.OrderId),
            () => progress(seen),
            cancellationToken
        );
        await FindUnknownAsync(
            "payment",
            after => db.Payments.Where(row => row.Id.CompareTo(after) > 0).OrderBy(row => row.Id).Select(row => row.Id),
            async ids => (await mediator.Send(new GetPaymentFacts(ids), cancellationToken)).Value.Select(facts => facts.PaymentId),
            () => progress(seen),
            cancellationToken
        );
        await CompareSumsAsync(() => progress(seen), cancellationToken);
        return new Findings(seen, differences, lines);
    }

    private static async Task<List<Guid>> SuspectsAsync<T>(
        Func<Guid?, Task<Result<IReadOnlyList<T>>>> next,
        Func<T, Guid> id,
        Func<IReadOnlyList<T>, Task<List<(Guid Id, string Text)>>> compare,
        Func<long, Task> progress
    )
    {
        var suspects = new List<Guid>();
        var done = 0L;
        for (Guid? after = null; ; )
        {
            var page = (await next(after)).Value;
            if (page.Count == 0)
            {
                return suspects;
            }

            suspects.AddRange((await compare(page)).Select(difference => difference.Id));
            after = id(page[^1]);
            await progress(done += page.Count);
        }
    }

    private async Task LookAgainAsync(List<Guid> events, List<Guid> orders, List<Guid> payments, CancellationToken cancellationToken)
    {
        while (events.Count + orders.Count + payments.Count is > 0 and var before)
        {
            await Task.Delay(Patience, clock, cancellationToken);
            var texts = new List<string>();
            events = await StillDifferingAsync(
                events,
                async ids =>
                {
                    // One that has changed meanwhile may have a message under way again; the next run sees it.
                    var facts = (await mediator.Send(new GetEventFacts(ids), cancellationToken)).Value;
                    return await EventDifferencesAsync([.. facts.Where(now => now.Version == eventVersions[now.Id])], cancellationToken);
                },
                texts,
                cancellationToken
            );
            orders = await StillDifferingAsync(
                orders,
                async ids =>
                    await OrderDifferencesAsync((await mediator.Send(new GetOrderFacts(ids), cancellationToken)).Value, cancellationToken),
                texts,
                cancellationToken
            );
            payments = await StillDifferingAsync(
                payments,
                async ids =>
                    await PaymentDifferencesAsync(
                        (await mediator.Send(new GetPaymentFacts(ids), cancellationToken)).Value,
                        cancellationToken
                    ),
                texts,
                cancellationToken
            );
            if (texts.Count == before)
            {
                Note(texts);
                return;
            }
        }
    }

    /// <summary>Asks the ledger while no message can be taken in: then the row is not ahead of its answer, and what the row lacks has a message that waits.</summary>
    private async Task<List<Guid>> StillDifferingAsync(
        List<Guid> suspects,
        Func<Guid[], Task<List<(Guid Id, string Text)>>> compare,
        List<string> texts,
        CancellationToken cancellationToken
    )
    {
        var still = new List<Guid>();
        foreach (var some in suspects.Chunk(PageSize))
        {
            await writer.WriteAsync(
                async (_, _) =>
                {
                    var found = await compare(some);
                    still.AddRange(found.Select(difference => difference.Id));
                    texts.AddRange(found.Select(difference => difference.Text));
                },
                cancellationToken
            );
        }

        return still;
    }

    private async Task<List<(Guid Id, string Text)>> EventDifferencesAsync(
        IReadOnlyList<EventFacts> ledger,
        CancellationToken cancellationToken
    )
    {
        var ids = ledger.Select(facts => facts.Id).ToList();
        var rows = await db.Events.Where(shown => ids.Contains(shown.Id)).ToDictionaryAsync(shown => shown.Id, cancellationToken);
        var found = new List<(Guid Id, string Text)>();
        foreach (var facts in ledger.Where(facts => facts.IsPublished))
        {
            // Not every version is told of: some change what nobody keeps a copy of.
            var wanted = new EventNews(facts).ToRow();
            eventVersions[facts.Id] = facts.Version;
            if (!rows.TryGetValue(facts.Id, out var row))
            {
                found.Add((facts.Id, $"event {facts.Id} is missing"));
            }
            else if (row with { Version = wanted.Version, Tiers = wanted.Tiers } != wanted || !row.Tiers.SequenceEqual(wanted.Tiers))
            {
                found.Add((facts.Id, $"event {facts.Id} is not as the ledger has it"));
            }
        }

        return found;
    }

    private async Task<List<(Guid Id, string Text)>> OrderDifferencesAsync(
        IReadOnlyList<OrderFacts> ledger,
        CancellationToken cancellationToken
    )
    {
        var ids = ledger.Select(facts => facts.OrderId).ToList();
        var rows = await db.Orders.Where(order => ids.Contains(order.Id)).ToDictionaryAsync(order => order.Id, cancellationToken);
        var found = new List<(Guid Id, string Text)>();
        foreach (var facts in ledger.Where(facts => !facts.HasPendingMessages))
        {
            if (!rows.TryGetValue(facts.OrderId, out var row))
            {
                found.Add((facts.OrderId, $"order {facts.OrderId} is missing"));
            }
            else if (row.Status != facts.Status || row.Total != facts.Total || row.EventId != facts.EventId)
            {
                found.Add(
                    (
                        facts.OrderId,
                        FormattableString.Invariant(
                            $"order {facts.OrderId} is {row.Status} with {row.Total} cents of event {row.EventId}; the ledger says {facts.Status}, {facts.Total}, {facts.EventId}"
                        )
                    )
                );
            }
            else if (row.PlacedAt != facts.PlacedAt || row.PaidAt != facts.PaidAt || row.EndedAt != facts.EndedAt)
            {
                found.Add((facts.OrderId, $"order {facts.OrderId} has other times than the ledger"));
            }
        }

        return found;
    }

    private async Task<List<(Guid Id, string Text)>> PaymentDifferencesAsync(
        IReadOnlyList<PaymentFacts> ledger,
        CancellationToken cancellationToken
    )
    {
        var ids = ledger.Select(facts => facts.PaymentId).ToList();
        var rows = await db.Payments.Where(payment => ids.Contains(payment.Id)).ToDictionaryAsync(payment => payment.Id, cancellationToken);
        var found = new List<(Guid Id, string Text)>();
        foreach (var facts in ledger.Where(facts => !facts.HasPendingMessages))
        {
            if (!rows.TryGetValue(facts.PaymentId, out var row))
            {
                found.Add((facts.PaymentId, $"payment {facts.PaymentId} is missing"));
            }
            else if (row.Status != facts.Status || row.Amount != facts.Amount || row.OrderId != facts.OrderId)
            {
                found.Add(
                    (
                        facts.PaymentId,
                        FormattableString.Invariant(
                            $"payment {facts.PaymentId} is {row.Status} with {row.Amount} cents; the ledger says {facts.Status}, {facts.Amount}"
                        )
                    )
                );
            }
        }

        return found;
    }

    private async Task FindUnknownAsync(
        string what,
        Func<Guid, IQueryable<Guid>> after,
        Func<List<Guid>, Task<IEnumerable<Guid>>> inLedger,
        Func<Task> progress,
        CancellationToken cancellationToken
    )
    {
        for (var last = Guid.Empty; ; )
        {
            var ids = await after(last).Take(PageSize).ToListAsync(cancellationToken);
            if (ids.Count == 0)
            {
                return;
            }

            Note(ids.Except(await inLedger(ids)).Select(id => $"{what} {id} is not in the ledger"));
            last = ids[^1];
            await progress();
        }
    }

    /// <summary>Event by event, each in one transaction, so that no order changes while it is counted.</summary>
    private async Task CompareSumsAsync(Func<Task> progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> events = [];
        await writer.WriteAsync(async (tables, _) => events = await tables.EventsWithSalesAsync(), cancellationToken);
        foreach (var eventId in events)
        {
            await writer.WriteAsync(
                async (tables, _) =>
                {
                    var counted = (await tables.CountAsync(eventId, zone.Zone)).Where(sum => sum.Value != SalesFigures.None).ToDictionary();
                    var kept = await tables.SalesAsync(eventId);
                    Note(
                        counted
                            .Keys.Union(kept.Keys)
                            .Where(key =>
                                counted.GetValueOrDefault(key, SalesFigures.None) != kept.GetValueOrDefault(key, SalesFigures.None)
                            )
                            .Select(key =>
                                FormattableString.Invariant(
                                    $"sales of event {key.EventId}, tier {key.TierId}, {key.Span} {key.At}: {kept.GetValueOrDefault(key, SalesFigures.None)}; its orders make {counted.GetValueOrDefault(key, SalesFigures.None)}"
                                )
                            )
                    );
                },
                cancellationToken
            );
            await progress();
        }
    }

    private void Note(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            differences++;
            if (lines.Count < MostLines)
            {
                lines.Add(text);
            }
        }
    }
}
