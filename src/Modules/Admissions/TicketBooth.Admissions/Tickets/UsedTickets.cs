using TicketBooth.Admissions.Storage;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Whoever was let in does not cancel the order from inside, and leave a seat to be sold again that they sit on.</summary>
/// <remarks>Of a passage and a cancelation at the same moment both may happen: the code is void for the next passage then.</remarks>
internal sealed class UsedTickets(ITicketStore tickets, OrderTicketsOf orders) : ICancelObstacle
{
    public async Task<Error?> FindAsync(Guid orderId, CancellationToken cancellationToken)
    {
        foreach (var ticket in await tickets.OfOrderAsync(orderId))
        {
            if (ticket.IsActive && await orders.IsUsedAsync(ticket))
            {
                return AdmissionsErrors.OrderCheckedIn;
            }
        }

        return null;
    }
}
