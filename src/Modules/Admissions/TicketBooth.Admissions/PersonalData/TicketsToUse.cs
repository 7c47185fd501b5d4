using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.PersonalData;

/// <summary>
/// Nobody is erased who was given a ticket that still opens a door. Booking says the same of tickets that somebody has bought.
/// </summary>
internal sealed class TicketsToUse(ITicketStore tickets, KnownEvents events, TimeProvider clock) : IErasureObstacle
{
    public async Task<Error?> FindAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        foreach (var ticket in await tickets.OfOwnerAsync(person.AccountId))
        {
            if (
                ticket.IsActive
                && await events.FindAsync(ticket.EventId, cancellationToken) is { IsCanceled: false } show
                && show.StartsAt > clock.GetUtcNow()
            )
            {
                return AdmissionsErrors.TicketsValid with
                {
                    Ids = new Dictionary<string, Guid>(StringComparer.Ordinal) { ["orderId"] = ticket.OrderId },
                };
            }
        }

        return null;
    }
}
