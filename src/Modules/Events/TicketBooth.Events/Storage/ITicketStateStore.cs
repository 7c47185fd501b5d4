using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage;

/// <summary>
/// Which tickets are on payment or sold, according to Booking's messages. Every write is atomic, and durable when its task completes.
/// </summary>
internal interface ITicketStateStore
{
    /// <summary>
    /// Applies what messages say about orders' tickets, never over the same or a newer revision of an order: messages may arrive in any
    /// order, and twice; the result is the same. Throws when one cannot be applied. Others may then be applied or not, and may be handed in
    /// again.
    /// </summary>
    /// <returns>The events of which a reader sees a change.</returns>
    Task<IReadOnlyCollection<Guid>> ApplyAsync(IReadOnlyList<TicketUpdate> updates);

    /// <summary>Those of the tickets <paramref name="first"/> to <paramref name="last"/> that are on payment or sold, ascending.</summary>
    Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last);

    /// <summary>
    /// By how much each tier's counters changed, minute by minute, from a minute on, ascending. Their sums are the counters.
    /// </summary>
    Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute);

    /// <summary>Deletes the minutes before this one, of all events.</summary>
    Task ForgetDemandAsync(long beforeMinute);

    /// <summary>An event with everything that its counters are counted from, all as it was at one moment.</summary>
    Task<Ledger?> LedgerAsync(Guid eventId);

    /// <summary>
    /// Makes the tiers' counters of an event what a recount of its tickets gives, unless something else is written at the same time.
    /// </summary>
    /// <returns>Whether they are right now.</returns>
    Task<bool> RecountAsync(Guid eventId);

    /// <summary>What is known of these orders; unknown ones are missing.</summary>
    Task<IReadOnlyDictionary<Guid, KnownOrder>> OrdersAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders);
}

/// <summary>An event, which orders hold which of its tickets, and its orders that have not given their tickets back.</summary>
internal sealed record Ledger(Event Event, IReadOnlyList<Claim> Claims, IReadOnlyList<KnownOrder> ActiveOrders)
{
    private IReadOnlyDictionary<int, TicketState>? states;

    /// <summary>Of each ticket that is taken, by its number; one that two orders hold is sold when either has paid.</summary>
    public IReadOnlyDictionary<int, TicketState> States =>
        states ??= Claims
            .GroupBy(claim => claim.Number)
            .ToDictionary(claims => claims.Key, claims => claims.Any(claim => claim.IsSold) ? TicketState.Sold : TicketState.OnPayment);

    /// <summary>How many tickets of a tier are on payment and sold, ticket by ticket.</summary>
    public (int Held, int Sold) CountOf(Tier tier) =>
        (
            States.Count(ticket => ticket.Value == TicketState.OnPayment && tier.Has(ticket.Key)),
            States.Count(ticket => ticket.Value == TicketState.Sold && tier.Has(ticket.Key))
        );
}
