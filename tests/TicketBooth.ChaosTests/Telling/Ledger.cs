using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace TicketBooth.ChaosTests.Telling;

/// <summary>
/// This program's own book: every answer that a client saw. What was told must be stored for ever; what was asked and not answered may be
/// stored or not; nothing else may be. Safe for use by several threads.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<Guid, ToldOrder> orders = new();
    private readonly ConcurrentDictionary<Guid, ToldEvent> events = new();
    private readonly ConcurrentDictionary<Guid, int> openRequests = new();
    private readonly ConcurrentDictionary<string, Guid> admitted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> wrong = new(StringComparer.Ordinal);

    /// <summary>What an answer itself showed to be wrong.</summary>
    public IReadOnlyCollection<string> Wrong => [.. wrong.Keys];

    /// <summary>What was told up to now.</summary>
    public ToldFacts Facts => new(orders.ToDictionary(), events.ToDictionary(), openRequests.ToDictionary(), admitted.ToDictionary());

    public int Orders => orders.Count;

    /// <summary>Before an order is requested: until it is answered the buyer may have one more than was told.</summary>
    public void Asks(Guid buyer) => openRequests.AddOrUpdate(buyer, 1, (_, count) => count + 1);

    /// <summary>The request was answered: placed, or refused for sure.</summary>
    public void IsAnswered(Guid buyer) => openRequests.AddOrUpdate(buyer, 0, (_, count) => count - 1);

    /// <summary>201.</summary>
    public ToldOrder Placed(Guid buyer, JsonObject view)
    {
        var order = new ToldOrder(
            (Guid)view["id"]!,
            (Guid)view["eventId"]!,
            buyer,
            (long)view["total"]!,
            [
                .. view["tickets"]!
                    .AsArray()
                    .Select(ticket => new ToldTicket(
                        (Guid)ticket!["id"]!,
                        (int)ticket["number"]!,
                        (Guid)ticket["tierId"]!,
                        (long)ticket["price"]!
                    )),
            ]
        );
        orders.TryAdd(order.Id, order);
        IsAnswered(buyer);
        Saw(view);
        return order;
    }

    /// <summary>Any answer that shows an order.</summary>
    public void Saw(JsonObject view)
    {
        if (!orders.TryGetValue((Guid)view["id"]!, out var told))
        {
            return;
        }

        var refunds = view["refunds"]!
            .AsArray()
            .Select(refund => new ToldRefund((Guid)refund!["id"]!, (long)refund["amount"]!, (bool)refund["released"]!));
        Change(
            told.Id,
            order =>
                order with
                {
                    Seen = order.Seen.Add((string)view["status"]!),
                    Returned = Math.Max(order.Returned, (long)view["returned"]!),
                    Refunds = order.Refunds.SetItems(refunds.Select(refund => KeyValuePair.Create(refund.Id, refund))),
                }
        );
    }

    /// <summary>202.</summary>
    public void PaymentAccepted(Guid orderId, Guid paymentId) =>
        Change(orderId, order => order with { Payments = order.Payments.Add(paymentId) });

    /// <summary>Before somebody asks to cancel or refund it.</summary>
    public void AsksToEnd(Guid orderId) => Change(orderId, order => order with { EndAsked = true });

    public void Made(ToldEvent made) => events[made.Id] = made;

    /// <summary>Before somebody asks to cancel it.</summary>
    public void AsksToCancel(Guid eventId) => events[eventId] = events[eventId] with { CancelAsked = true };

    public void IsCanceled(Guid eventId) => events[eventId] = events[eventId] with { IsCanceled = true };

    /// <summary>A code was let in. Once: a second time under another scan is wrong.</summary>
    public void Admitted(string code, Guid ticketId)
    {
        if (!admitted.TryAdd(code, ticketId))
        {
            wrong.TryAdd($"ticket {ticketId} was let in twice with the same code", 0);
        }
    }

    public void IsWrong(string what) => wrong.TryAdd(what, 0);

    private void Change(Guid orderId, Func<ToldOrder, ToldOrder> change)
    {
        // Every order that is changed was placed here.
        while (orders.TryGetValue(orderId, out var before) && !orders.TryUpdate(orderId, change(before), before)) { }
    }
}

/// <summary>What was told up to a moment.</summary>
/// <param name="OpenRequests">By buyer: requests for orders that were not answered.</param>
/// <param name="Admitted">By code: the ticket that was let in.</param>
internal sealed record ToldFacts(
    IReadOnlyDictionary<Guid, ToldOrder> Orders,
    IReadOnlyDictionary<Guid, ToldEvent> Events,
    IReadOnlyDictionary<Guid, int> OpenRequests,
    IReadOnlyDictionary<string, Guid> Admitted
);
