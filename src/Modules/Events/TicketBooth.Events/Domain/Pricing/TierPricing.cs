using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain.Pricing;

/// <summary>
/// What a ticket of a tier costs, and what that is made of. The parts are stored and the price is computed from them each time, so that
/// rounding errors do not add up.
/// </summary>
/// <param name="Price">What a ticket costs now, in cents.</param>
/// <param name="Base">What the organiser set, in cents.</param>
/// <param name="Floor">The lowest price that a price change may reach; null for none.</param>
/// <param name="Ceiling">The highest.</param>
/// <param name="Demand">What demand adds, in hundredths of a percent of the base price.</param>
/// <param name="Adjustment">The product of all percentages that staff adjusted it by, in millionths.</param>
/// <param name="MovedAt">When demand last moved it.</param>
internal sealed record TierPricing(
    long Price,
    long Base,
    long? Floor,
    long? Ceiling,
    int Demand = 0,
    long Adjustment = PriceEngine.NoAdjustment,
    DateTimeOffset? MovedAt = null
)
{
    // More than a hundredfold, either way, is a typing error.
    private const long LeastAdjustment = PriceEngine.NoAdjustment / 100;
    private const long MostAdjustment = PriceEngine.NoAdjustment * 100;

    /// <summary>The price after an edit: from the form's parts, and the demand and adjustment that the tier has.</summary>
    public static TierPricing Edited(TierPricing? known, TierForm form, PricingPolicy policy) =>
        (
            (known ?? new TierPricing(form.Price, form.Price, form.Floor, form.Ceiling)) with
            {
                Base = form.Price,
                Floor = form.Floor,
                Ceiling = form.Ceiling,
            }
        ).Priced(policy);

    /// <summary>The price after an adjustment by a percentage; null when all adjustments together are out of bounds.</summary>
    public TierPricing? Adjusted(decimal percentage, PricingPolicy policy)
    {
        var adjustment = PriceEngine.Adjusted(Adjustment, percentage);
        return adjustment is < LeastAdjustment or > MostAdjustment ? null : (this with { Adjustment = adjustment }).Priced(policy);
    }

    /// <summary>The price without its demand part.</summary>
    public TierPricing WithoutDemand(PricingPolicy policy) => (this with { Demand = 0, MovedAt = null }).Priced(policy);

    /// <summary>Whether staff have set the same: all parts but what demand adds.</summary>
    public bool IsSetAs(TierPricing other) =>
        (Base, Floor, Ceiling, Adjustment) == (other.Base, other.Floor, other.Ceiling, other.Adjustment);

    /// <summary>The price with what staff had set before.</summary>
    public TierPricing SetAgain(TierPricing former, PricingPolicy policy, bool isDemandBack) =>
        (former with { Demand = isDemandBack ? former.Demand : Demand, MovedAt = isDemandBack ? former.MovedAt : MovedAt }).Priced(policy);

    private TierPricing Priced(PricingPolicy policy) =>
        this with
        {
            Price = PriceEngine.PriceOf(Base, Demand, Adjustment, Floor, Ceiling, policy.RoundingUnit),
        };
}
