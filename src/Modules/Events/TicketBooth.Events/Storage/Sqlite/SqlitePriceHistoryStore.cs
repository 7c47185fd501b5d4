using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>The histories of prices and policies in the module's SQLite file.</summary>
internal sealed class SqlitePriceHistoryStore(SqliteEventsDatabase database) : IPriceHistoryStore
{
    public Task<IReadOnlyList<PriceChange>> PriceChangesAsync(Guid eventId, Guid? tierId, (long Version, Guid TierId)? after, int limit)
    {
        // What follows a row is of the same version with a higher tier, or of a lower version.
        var (version, tier) = after ?? (long.MaxValue, Guid.Empty);
        return Task.FromResult<IReadOnlyList<PriceChange>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT version, tier_id, at, from_price, to_price, cause FROM price_changes
                    WHERE event_id = ?1 AND (version < ?2 OR (version = ?2 AND tier_id > ?3)) AND (?4 IS NULL OR tier_id = ?4)
                    ORDER BY version DESC, tier_id LIMIT ?5
                    """,
                    row => new PriceChange(
                        eventId,
                        row.GetInt64(0),
                        row.Id(1),
                        row.Time(2),
                        row.NumberOrNull(3),
                        row.GetInt64(4),
                        PricingJson.Read<PriceCause>(row.GetString(5))
                    ),
                    eventId,
                    version,
                    tier,
                    tierId,
                    limit
                )
            )
        );
    }

    public Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit) =>
        Task.FromResult<IReadOnlyList<PolicyChange>>(
            database.Read(session =>
                session.Query(
                    "SELECT change FROM policy_changes WHERE event_id = ?1 ORDER BY version DESC LIMIT ?2",
                    row => PricingJson.Read<PolicyChange>(row.GetString(0)),
                    eventId,
                    limit
                )
            )
        );

    /// <summary>Writes the rows of one change, in the transaction that changes the event.</summary>
    public static void Write(SqliteSession session, IReadOnlyList<PriceChange> prices, PolicyChange? chosen)
    {
        foreach (var change in prices)
        {
            session.Execute(
                """
                INSERT INTO price_changes(event_id, version, tier_id, at, from_price, to_price, cause)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                change.EventId,
                change.Version,
                change.TierId,
                change.At,
                change.From,
                change.To,
                PricingJson.Write(change.Cause)
            );
        }

        if (chosen is { } policy)
        {
            session.Execute(
                "INSERT INTO policy_changes(event_id, version, at, change) VALUES (?1, ?2, ?3, ?4)",
                policy.EventId,
                policy.Version,
                policy.At,
                PricingJson.Write(policy)
            );
        }
    }
}
