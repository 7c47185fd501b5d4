using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Adds the mails of a bulk to the queue: a statement for each page of orders, whatever their number.</summary>
internal sealed class BulkTables(NotificationsDbContext db, [FromKeyedServices(NotificationsDbContext.Module)] RelationalStorage storage)
{
    public const int PageSize = 2_000;

    /// <summary>Queues the next page. True when there is another one.</summary>
    /// <remarks>A page that is queued again adds nothing: every mail has its key.</remarks>
    public async Task<bool> QueuePageAsync(BulkRow bulk, CancellationToken cancellationToken)
    {
        var after = bulk.QueuedUpTo ?? Guid.Empty;
        var concerned = db.Orders.Where(order => order.EventId == bulk.EventId && order.Id.CompareTo(after) > 0).OrderBy(order => order.Id);
        var upTo = await concerned.Skip(PageSize - 1).Select(order => (Guid?)order.Id).FirstOrDefaultAsync(cancellationToken);
        var last = upTo
            ?? await concerned.Select(order => (Guid?)order.Id).OrderByDescending(id => id).FirstOrDefaultAsync(cancellationToken);
        if (last is { } end)
        {
            await InsertAsync(bulk, after, end, cancellationToken);
            bulk.QueuedUpTo = end;
        }

        bulk.IsQueued = upTo is null;
        await db.SaveChangesAsync(cancellationToken);
        return !bulk.IsQueued;
    }

    private async Task InsertAsync(BulkRow bulk, Guid after, Guid upTo, CancellationToken cancellationToken)
    {
        var (ignore, key) = storage.IsEmbedded ? ("OR IGNORE", "@prefix || Id") : ("IGNORE", "CONCAT(@prefix, UPPER(Id))");
        await using var connection = await storage.ConnectAsync(cancellationToken);
        await connection.RunAsync(
            $"""
            INSERT {ignore} INTO {NotificationsDbContext.MailsTable}(
                UniqueKey, Kind, State, IsBulk, AccountId, OrderId, EventId, BulkNumber, CreatedAt, NextTryAt, Tries)
            SELECT {key}, @kind, 0, 1, BuyerId, Id, EventId, @bulk, @at, @at, 0
            FROM {NotificationsDbContext.OrdersTable}
            WHERE EventId = @event AND Id > @after AND Id <= @end
                AND Revision > 0 AND PlacedAt <= @at AND (EndedAt IS NULL OR EndedAt >= @at) AND State <> {Expired}
            ORDER BY Id
            """,
            cancellationToken,
            ("@prefix", BulkMail.KeyOf(bulk)),
            ("@kind", bulk.Kind),
            ("@bulk", bulk.Number),
            ("@at", bulk.At.UtcTicks),
            ("@event", bulk.EventId),
            ("@after", after),
            ("@end", upTo)
        );
    }

    private static string Expired => ((int)OrderState.Expired).ToString(CultureInfo.InvariantCulture);
}
