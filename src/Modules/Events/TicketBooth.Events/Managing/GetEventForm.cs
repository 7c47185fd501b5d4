using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Fills the form that an event is edited with.</summary>
internal static class GetEventForm
{
    internal sealed class Handler(IEventStore store, TimeProvider clock) : IRequestHandler<Contracts.GetEventForm, Result<EditableEvent>>
    {
        public async Task<Result<EditableEvent>> Handle(Contracts.GetEventForm request, CancellationToken cancellationToken) =>
            await store.FindAsync(request.EventId) is { } found
                ? new EditableEvent(
                    found.Id,
                    FormOf(found),
                    found.Revision,
                    found.Phase.StatusAt(clock.GetUtcNow()),
                    found.Taken,
                    found.Tiers.ToDictionary(tier => tier.Id, tier => tier.Tickets)
                )
                : EventsErrors.NotFound;
    }

    private static EventForm FormOf(Event found) =>
        new(
            found.Name,
            found.Venue,
            found.Description,
            found.StartsAt,
            found.PublishedAt,
            found.EndsSellingAt,
            found.Capacity,
            found.Currency,
            found.Large,
            [
                .. found.Tiers.Select(tier => new TierForm(
                    tier.Id,
                    tier.Name,
                    tier.Pricing.Base,
                    tier.Released,
                    tier.Pricing.Floor,
                    tier.Pricing.Ceiling
                )),
            ]
        )
        {
            RefundHoursBeforeStart = found.Refunds.HoursBeforeStart,
            RefundFeePercent = found.Refunds.FeePercent,
        };
}
