using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Scans as the door is told of them.</summary>
internal sealed class CheckInAnswers(ITicketStore tickets, IDoorStore door, KnownEvents events)
{
    public async Task<CheckInAnswer> OfAsync(Scan scan, CancellationToken cancellationToken) =>
        await OfAsync(scan, await FindTicketAsync(scan), cancellationToken);

    /// <param name="ticket">That the scan is about, as it was read for it; null when it is about none.</param>
    public async Task<CheckInAnswer> OfAsync(Scan scan, IssuedTicket? ticket, CancellationToken cancellationToken)
    {
        var previous = scan.PreviousId is { } id ? await door.FindScanAsync(id) : null;
        var show = ticket is null ? null : await events.FindAsync(ticket.EventId, cancellationToken);
        return new CheckInAnswer(scan.Outcome, scan.Id, scan.Direction, show is null ? null : Of(ticket!, show), Of(previous));
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

    private async Task<IssuedTicket?> FindTicketAsync(Scan scan)
    {
        if (scan is not { Code: { } code, OrderId: { } orderId })
        {
            return null;
        }

        var ofNumber = await tickets.OfNumberAsync(code.EventId, code.Number);
        return ofNumber.FirstOrDefault(ticket => ticket.OrderId == orderId);
    }
}
