using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Scans as the door is told of them.</summary>
internal sealed class CheckInAnswers(ITicketStore tickets, IDoorStore door, KnownEvents events)
{
    public async Task<CheckInAnswer> OfAsync(Scan scan, CancellationToken cancellationToken)
    {
        var previous = scan.PreviousId is { } id ? await door.FindScanAsync(id) : null;
        return new CheckInAnswer(scan.Outcome, scan.Id, scan.Direction, await TicketOfAsync(scan, cancellationToken), Of(previous));
    }

    public static PreviousScan? Of(Scan? scan) =>
        scan is null ? null : new PreviousScan(scan.Id, scan.Direction, scan.ScannedAt, scan.By.Name);

    public static DoorTicket Of(IssuedTicket ticket, DoorEvent show) =>
        new(
            ticket.Id,
            ticket.EventId,
            ticket.Number,
            ticket.TierId,
            show.TierName(ticket.TierId),
            ticket.HolderName,
            ticket.OrderId,
            SpokenId.Of(ticket.OrderId)
        );

    private async Task<DoorTicket?> TicketOfAsync(Scan scan, CancellationToken cancellationToken)
    {
        if (scan is not { Code: { } code, OrderId: { } orderId } || await events.FindAsync(code.EventId, cancellationToken) is not { } show)
        {
            return null;
        }

        var ofNumber = await tickets.OfNumberAsync(code.EventId, code.Number);
        return ofNumber.FirstOrDefault(ticket => ticket.OrderId == orderId) is { } found ? Of(found, show) : null;
    }
}
