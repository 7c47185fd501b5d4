using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>Orders, the tickets that they hold and the counters of these, in the module's SQLite file.</summary>
internal sealed class SqliteTicketStateStore(SqliteEventsDatabase database) : ITicketStateStore
{
    /// <remarks>
    /// There is no mark in the inbox: a message states one revision of one order, which is stored in the same transaction for as long as
    /// the order is known.
    /// </remarks>
    public Task<IReadOnlyCollection<Guid>> ApplyAsync(IReadOnlyList<TicketUpdate> updates) =>
        database.WriteAsync(session => new SqliteTicketUpdates(session).Apply(updates));

    public Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last) =>
        Task.FromResult<IReadOnlyList<TakenTicket>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT number, MAX(sold) FROM holders
                    WHERE event_id = ?1 AND number BETWEEN ?2 AND ?3 GROUP BY number ORDER BY number
                    """,
                    row => new TakenTicket(row.GetInt32(0), row.GetInt32(1) == 1 ? TicketState.Sold : TicketState.OnPayment),
                    eventId,
                    first,
                    last
                )
            )
        );

    public Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute) =>
        Task.FromResult<IReadOnlyList<DemandMinute>>(
            database.Read(session =>
                session.Query(
                    "SELECT minute, tier_id, held, sold FROM demand WHERE event_id = ?1 AND minute >= ?2 ORDER BY minute, tier_id",
                    row => new DemandMinute(row.GetInt64(0), row.Id(1), row.GetInt32(2), row.GetInt32(3)),
                    eventId,
                    fromMinute
                )
            )
        );

    /// <remarks>Event by event: the oldest minutes of one are side by side, and the changes of others come in between.</remarks>
    public async Task ForgetDemandAsync(long beforeMinute)
    {
        for (var last = Guid.Empty; NextWithDemand(last) is { } eventId; last = eventId)
        {
            if (HasDemand(eventId, beforeMinute))
            {
                await database.WriteAsync(session =>
                    session.Execute("DELETE FROM demand WHERE event_id = ?1 AND minute < ?2", eventId, beforeMinute)
                );
            }
        }
    }

    public Task<Ledger?> LedgerAsync(Guid eventId) =>
        Task.FromResult(database.ReadAtOneMoment(session => LedgerOf(session, eventId)));

    public Task<bool> RecountAsync(Guid eventId) =>
        database.WriteAsync(session =>
        {
            // In the transaction of the write: nothing is counted meanwhile.
            if (LedgerOf(session, eventId) is { } ledger)
            {
                foreach (var tier in ledger.Event.Tiers)
                {
                    var (held, sold) = ledger.CountOf(tier);
                    session.Execute("UPDATE tiers SET held = ?3, sold = ?4 WHERE event_id = ?1 AND id = ?2", eventId, tier.Id, held, sold);
                }
            }

            return true;
        });

    public Task<IReadOnlyDictionary<Guid, KnownOrder>> OrdersAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders) =>
        Task.FromResult<IReadOnlyDictionary<Guid, KnownOrder>>(
            database.Read(session =>
                orders
                    .Select(order => OrderRows.Find(session, order.EventId, order.OrderId))
                    .OfType<KnownOrder>()
                    .ToDictionary(order => order.OrderId)
            )
        );

    private static Ledger? LedgerOf(SqliteSession session, Guid eventId) =>
        EventRows.Find(session, eventId) is not { } found
            ? null
            : new Ledger(
                found,
                session.Query(
                    "SELECT number, order_id, sold FROM holders WHERE event_id = ?1 ORDER BY number",
                    row => new Claim(row.GetInt32(0), row.Id(1), row.GetInt32(2) == 1),
                    eventId
                ),
                OrderRows.Active(session, eventId)
            );

    private Guid? NextWithDemand(Guid after) =>
        database.Read(session =>
            session.First("SELECT event_id FROM demand WHERE event_id > ?1 ORDER BY event_id LIMIT 1", row => (Guid?)row.Id(0), after)
        );

    private bool HasDemand(Guid eventId, long beforeMinute) =>
        database.Read(session =>
            session.Number("SELECT EXISTS(SELECT 1 FROM demand WHERE event_id = ?1 AND minute < ?2)", eventId, beforeMinute)
        ) == 1;
}
