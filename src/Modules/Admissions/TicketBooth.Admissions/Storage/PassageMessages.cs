using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Admissions.Storage;

/// <summary>Messages about a ticket's passages, keyed by the ticket so that they keep their order.</summary>
internal static class PassageMessages
{
    public static OutboxEntry[] Of(Scan scan) =>
        scan.ToMessage() is { } message ? [MessageCodec.Encode(message, message.TicketId, scan.At)] : [];

    /// <summary>That a passage was taken back.</summary>
    public static OutboxEntry[] OfUndone(Scan scan, DateTimeOffset at) =>
        scan.ToMessage() is { } message
            ?
            [
                MessageCodec.Encode(
                    new CheckInUndone(
                        scan.Id,
                        message.EventId,
                        message.TicketId,
                        message.TierId,
                        scan.OrderId!.Value,
                        message.Turn,
                        scan.ScannedAt,
                        at,
                        message.Generation
                    ),
                    message.TicketId,
                    at
                ),
            ]
            : [];
}
