using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Dashboard.ReadModel.Writing;

namespace TicketBooth.Dashboard.ReadModel.Consumers;

/// <summary>Counts a ticket that was let in.</summary>
internal sealed class AddPassageWhenTicketCheckedIn(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<TicketCheckedIn, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(TicketCheckedIn message, InboxKey key) => message.ToUpdate(isEntry: true);
}

internal sealed class AddPassageWhenTicketCheckedOut(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<TicketCheckedOut, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(TicketCheckedOut message, InboxKey key) => message.ToUpdate(isEntry: false);
}

internal sealed class UndoPassageWhenCheckInUndone(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<CheckInUndone, ReadModelUpdate>(writer)
{
    // In is every odd passage of a code.
    protected override ReadModelUpdate ChangeOf(CheckInUndone message, InboxKey key) =>
        message.ToUpdate(isEntry: message.Turn % 2 == 1) with
        {
            IsUndone = true,
        };
}

file static class PassageMessageExtensions
{
    public static PassageUpdate ToUpdate(this IPassageMessage message, bool isEntry) =>
        new(
            message.ScanId,
            message.EventId,
            message.TicketId,
            message.Generation,
            message.Turn,
            isEntry,
            message.ScannedAt,
            IsUndone: false
        );
}
