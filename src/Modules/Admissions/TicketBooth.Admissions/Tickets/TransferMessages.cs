using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Messages about offers of tickets, keyed by the ticket so that they keep their order.</summary>
internal static class TransferMessages
{
    /// <param name="offered">With the offer.</param>
    /// <param name="at">When it was offered.</param>
    public static OutboxEntry Offered(IssuedTicket offered, DateTimeOffset at) =>
        MessageCodec.Encode(
            new TicketTransferOffered(
                offered.TransferId!.Value,
                offered.OrderId,
                offered.EventId,
                offered.Id,
                offered.Number,
                offered.TierId,
                offered.OwnerId ?? offered.BuyerId,
                offered.TransferEmail!,
                at
            ),
            offered.Id,
            at
        );

    /// <param name="before">As it was offered.</param>
    /// <param name="answer">What became of it.</param>
    /// <param name="at">When it was answered.</param>
    public static OutboxEntry Answered(IssuedTicket before, TransferAnswer answer, DateTimeOffset at) =>
        MessageCodec.Encode(
            new TicketTransferAnswered(
                before.TransferId!.Value,
                before.OrderId,
                before.EventId,
                before.Id,
                before.Number,
                before.TierId,
                before.OwnerId ?? before.BuyerId,
                before.TransferEmail!,
                answer,
                at
            ),
            before.Id,
            at
        );
}
