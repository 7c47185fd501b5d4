using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.PersonalData;

/// <summary>
/// Nobody is erased whose order is not over: they could not be told of it, and nobody would know whose tickets those are.
/// </summary>
internal sealed class OpenOrdersOfPerson(ShardRegistry shards, IMediator mediator, TimeProvider clock) : IErasureObstacle
{
    private const int AtOnce = 200;

    public async Task<Error?> FindAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        Guid? before = null;
        while (await shards.OfBuyerAsync(person.AccountId, before, AtOnce) is { Count: > 0 } page)
        {
            var shows = await ShowsOfAsync(page, cancellationToken);
            foreach (var order in page)
            {
                if (FindIn(order, shows.GetValueOrDefault(order.EventId)) is { } obstacle)
                {
                    return obstacle.Naming(order.Id);
                }
            }

            before = page[^1].Id;
        }

        return null;
    }

    private Error? FindIn(Order order, EventFacts? show) =>
        order.Status == OrderStatus.OnPayment ? BookingErrors.OrderOpen
        : order.Disputes.Any(dispute => dispute.State == OrderDisputeState.Opened) ? BookingErrors.DisputeOpen
        : order.Refunds.Any(refund => refund.Status != OrderRefundStatus.Settled) ? BookingErrors.RefundOpen
        : order.Held.Count == 0 ? null
        // What was paid for a canceled event is about to go back.
        : show is { IsCanceled: true } ? BookingErrors.RefundOpen
        : show is null || show.StartsAt > clock.GetUtcNow() ? BookingErrors.TicketsValid
        : null;

    private async Task<Dictionary<Guid, EventFacts>> ShowsOfAsync(IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        var ids = orders.Where(order => order.Held.Count > 0).Select(order => order.EventId).Distinct().ToList();
        var facts = await mediator.Send(new GetEventFacts(ids), cancellationToken);
        return facts.Value.ToDictionary(show => show.Id);
    }
}
