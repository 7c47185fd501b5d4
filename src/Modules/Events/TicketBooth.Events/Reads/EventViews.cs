using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Events as readers see them.</summary>
internal static class EventViews
{
    public static EventDetails ToDetails(this Event shown, DateTimeOffset now)
    {
        var offered = shown.Tiers.Where(tier => tier.Available > 0).DefaultIfEmpty();
        var priceFrom = offered.Min(tier => tier?.Price) ?? shown.Tiers.Min(tier => tier.Price);
        return new EventDetails(
            shown.Id,
            shown.Name,
            shown.Venue,
            shown.StartsAt,
            shown.PublishedAt,
            shown.EndsSellingAt,
            shown.Phase.StatusAt(now),
            shown.Currency,
            shown.Capacity,
            shown.Tiers.Sum(tier => tier.Available),
            priceFrom,
            shown.Description,
            shown.Large,
            [
                .. shown.Tiers.Select(tier => new TierDetails(
                    tier.Id,
                    tier.Name,
                    tier.Price,
                    tier.Released,
                    tier.Available,
                    shown.PriceValidUntil(tier, now)
                )),
            ],
            shown.Revision
        )
        {
            RefundableUntil = shown.Refunds.UntilFor(shown.StartsAt, shown.EndsSellingAt),
            RefundHoursBeforeStart = shown.Refunds.HoursBeforeStart,
            RefundFeePercent = shown.Refunds.FeePercent,
            RefundWindowUntil = shown.Refunds.WindowUntil,
        };
    }

    public static EventSummary ToSummary(this EventListing listed, DateTimeOffset now) =>
        new(
            listed.Id,
            listed.Name,
            listed.Venue,
            listed.Phase.StartsAt,
            listed.PublishedAt,
            listed.Phase.EndsSellingAt,
            listed.Phase.StatusAt(now),
            listed.Currency,
            listed.Capacity,
            listed.Available,
            listed.PriceFrom
        );
}
