using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>An event to and from its rows: one of the event, one per tier, one per range of tickets.</summary>
internal static class EventRows
{
    /// <summary>The event; null when there is none.</summary>
    public static Event? Find(SqliteSession session, Guid id)
    {
        var found = session.First(
            """
            SELECT
                id, version, revision, is_published, is_canceled, name, venue, description, starts_at, published_at, ends_selling_at,
                capacity, currency, large, policy, operations, undo, changed_at, blocks, refunds,
                (SELECT MAX(ordered_at) FROM tiers WHERE event_id = ?1)
            FROM events WHERE id = ?1
            """,
            row => new Event(
                row.Id(0),
                row.GetInt64(1),
                row.GetInt64(2),
                row.Flag(3),
                row.Flag(4),
                row.GetString(5),
                row.GetString(6),
                row.GetString(7),
                row.Time(8),
                row.TimeOrNull(9),
                row.Time(10),
                row.GetInt32(11),
                row.GetString(12),
                row.Flag(13),
                PricingJson.Read<PricingPolicy>(row.GetString(14)),
                [],
                row.Text(16) is { } undo ? PricingJson.Read<PriceUndo>(undo) : null
            )
            {
                Operations = OperationIds.Read(row.Bytes(15)),
                ChangedAt = row.Time(17),
                Blocks = PricingJson.Read<KnownBlock[]>(row.GetString(18)),
                Refunds = row.Text(19) is { } refunds ? PricingJson.Read<RefundRule>(refunds) : RefundRule.Default,
                OrderedAt = row.TimeOrNull(20) ?? default,
            },
            id
        );
        if (found is null)
        {
            return null;
        }

        var ranges = session
            .Query(
                "SELECT tier_id, first, count FROM ticket_ranges WHERE event_id = ?1 ORDER BY first",
                row => (Tier: row.Id(0), Range: new TicketRange(row.GetInt32(1), row.GetInt32(2))),
                id
            )
            .ToLookup(range => range.Tier, range => range.Range);
        return found with
        {
            Tiers = session.Query(
                """
                SELECT id, name, price, base, floor, ceiling, demand, adjustment, moved_at, held, sold, off_sale, withdrawn
                FROM tiers WHERE event_id = ?1 ORDER BY position
                """,
                row => new Tier(
                    row.Id(0),
                    row.GetString(1),
                    new TierPricing(
                        row.GetInt64(2),
                        row.GetInt64(3),
                        row.NumberOrNull(4),
                        row.NumberOrNull(5),
                        row.GetInt32(6),
                        row.GetInt64(7),
                        row.TimeOrNull(8)
                    ),
                    [.. ranges[row.Id(0)]],
                    row.GetInt32(9),
                    row.GetInt32(10)
                )
                {
                    OffSale = row.GetInt32(11),
                    Withdrawn = row.GetInt32(12),
                },
                id
            ),
        };
    }

    /// <summary>The columns of the event's row, in the order of the statements that write it.</summary>
    public static object?[] ValuesOf(Event written) =>
        [
            written.Id,
            written.Revision,
            written.IsPublished,
            written.IsCanceled,
            written.Name,
            written.Venue,
            SearchText.Of(written),
            written.Description,
            written.StartsAt,
            written.PublishedAt,
            written.EndsSellingAt,
            written.Capacity,
            written.Currency,
            written.Large,
            written.Version,
            PricingJson.Write(written.Policy),
            written.Policy is { Mode: PricingMode.Demand, Paused: false },
            OperationIds.Write(written.Operations),
            written.Undo is { } undo ? PricingJson.Write(undo) : null,
            written.ChangedAt,
            PricingJson.Write(written.Blocks),
            written.Refunds == RefundRule.Default ? null : PricingJson.Write(written.Refunds),
        ];

    /// <summary>Writes the tiers and their ranges, but never the counters of tickets held and sold.</summary>
    public static void WriteTiers(SqliteSession session, Event written)
    {
        var stays = written.Tiers.Select(tier => tier.Id).ToHashSet();
        foreach (
            var gone in session
                .Query("SELECT id FROM tiers WHERE event_id = ?1", row => row.Id(0), written.Id)
                .Where(id => !stays.Contains(id))
        )
        {
            session.Execute("DELETE FROM tiers WHERE event_id = ?1 AND id = ?2", written.Id, gone);
        }

        session.Execute("DELETE FROM ticket_ranges WHERE event_id = ?1", written.Id);
        for (var position = 0; position < written.Tiers.Count; position++)
        {
            var tier = written.Tiers[position];
            session.Execute(
                """
                INSERT INTO tiers(event_id, id, position, name, price, floor, ceiling, released, base, demand, adjustment, moved_at,
                    off_sale, withdrawn)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                ON CONFLICT(event_id, id) DO UPDATE SET
                    position = excluded.position, name = excluded.name, price = excluded.price, floor = excluded.floor,
                    ceiling = excluded.ceiling, released = excluded.released, base = excluded.base, demand = excluded.demand,
                    adjustment = excluded.adjustment, moved_at = excluded.moved_at, off_sale = excluded.off_sale,
                    withdrawn = excluded.withdrawn
                """,
                written.Id,
                tier.Id,
                position,
                tier.Name,
                tier.Price,
                tier.Pricing.Floor,
                tier.Pricing.Ceiling,
                tier.Released,
                tier.Pricing.Base,
                tier.Pricing.Demand,
                tier.Pricing.Adjustment,
                tier.Pricing.MovedAt,
                tier.OffSale,
                tier.Withdrawn
            );
            foreach (var range in tier.Tickets)
            {
                session.Execute(
                    "INSERT INTO ticket_ranges(event_id, first, count, tier_id) VALUES (?1, ?2, ?3, ?4)",
                    written.Id,
                    range.First,
                    range.Count,
                    tier.Id
                );
            }
        }
    }
}
