using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Gives Booking what it needs to sell an event's tickets.</summary>
internal static class GetEventForSale
{
    internal sealed class Handler(IEventStore store) : IRequestHandler<Contracts.GetEventForSale, Result<EventForSale>>
    {
        public async Task<Result<EventForSale>> Handle(Contracts.GetEventForSale request, CancellationToken cancellationToken) =>
            await store.FindAsync(request.EventId) is { IsPublished: true, PublishedAt: { } opensAt } found
                ? new EventForSale(
                    found.Id,
                    found.Version,
                    opensAt,
                    found.EndsSellingAt,
                    found.Phase.EndsAt,
                    found.Currency,
                    found.Large,
                    found.IsCanceled,
                    [.. found.Tiers.Select(tier => new TierForSale(tier.Id, tier.Price, tier.Tickets))]
                )
                {
                    ChangedAt = found.ChangedAt,
                    RefundableUntil = found.Refunds.UntilFor(found.StartsAt, found.EndsSellingAt),
                    RefundFeePercent = found.Refunds.FeePercent,
                    RefundWindowUntil = found.Refunds.WindowUntil,
                }
                : EventsErrors.NotFound;
    }
}
