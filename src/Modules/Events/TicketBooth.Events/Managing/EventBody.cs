using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Managing;

/// <summary>An event as an administrator's client sends it to create or to edit it.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Venue">1 to 200 characters.</param>
/// <param name="StartsAt">When the show starts.</param>
/// <param name="EndsSellingAt">When the sale closes; may be after the start.</param>
/// <param name="Capacity">How many people the venue takes, 1 to 10,000; the tiers' tickets never exceed it.</param>
/// <param name="Tiers">1 to 50, best first.</param>
/// <param name="Description">At most 10,000 characters.</param>
/// <param name="PublishedAt">When the sale opens; the moment of publishing when left out.</param>
/// <param name="Currency">ISO 4217; when left out BRL for a new event, and as it was for an edited one.</param>
/// <param name="Large">Gives the event a shard of its own when it is published; stays as it is after that.</param>
/// <param name="RefundHoursBeforeStart">
/// Until how many hours before the start buyers may cancel paid orders; until the sale closes when left out.
/// </param>
/// <param name="RefundFeePercent">What is kept of their money then, in percent, rounded half up to the smallest unit.</param>
/// <param name="Confirmed">When editing: start or venue may change although people have tickets.</param>
[LimitsOf(typeof(EventForm))]
internal sealed record EventBody(
    string Name,
    string Venue,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsSellingAt,
    int Capacity,
    IReadOnlyList<TierBody?> Tiers,
    string? Description = null,
    DateTimeOffset? PublishedAt = null,
    string? Currency = null,
    bool Large = false,
    bool Confirmed = false,
    int? RefundHoursBeforeStart = null,
    int RefundFeePercent = 0
)
{
    public EventForm ToForm() =>
        new(
            Name,
            Venue,
            Description,
            StartsAt,
            PublishedAt,
            EndsSellingAt,
            Capacity,
            Currency,
            Large,
            [
                .. Tiers.Select(tier =>
                    tier is null ? null! : new TierForm(tier.Id, tier.Name, tier.Price, tier.Tickets, tier.Floor, tier.Ceiling)
                ),
            ]
        )
        {
            RefundHoursBeforeStart = RefundHoursBeforeStart,
            RefundFeePercent = RefundFeePercent,
        };
}

/// <summary>A tier as an administrator's client sends it.</summary>
/// <param name="Name">1 to 100 characters, unique within the event.</param>
/// <param name="Price">The base price in cents, 1 to 100,000,000: what a ticket costs before demand and adjustments.</param>
/// <param name="Tickets">How many tickets are released, 1 or more.</param>
/// <param name="Id">When editing: which tier this is; without it the tier is found by its name.</param>
/// <param name="Floor">The lowest price in cents that a price change may reach.</param>
/// <param name="Ceiling">The highest.</param>
[LimitsOf(typeof(TierForm))]
internal sealed record TierBody(string Name, long Price, int Tickets, Guid? Id = null, long? Floor = null, long? Ceiling = null);
