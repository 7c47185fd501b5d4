using System.Globalization;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Domain.Pricing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Prices as staff see them.</summary>
internal static class PricingViews
{
    private const int PolicyChangesShown = 20;

    public static async Task<EventPricing> ShowAsync(IPriceHistoryStore prices, Event priced, DateTimeOffset now) =>
        new(
            priced.Id,
            priced.Currency,
            priced.Policy,
            [.. priced.Tiers.Select(tier => ToView(priced, tier, now))],
            [
                .. (await prices.PolicyChangesAsync(priced.Id, PolicyChangesShown)).Select(change => new PolicyChangeView(
                    change.At,
                    change.By,
                    change.Before,
                    change.After
                )),
            ],
            priced.Undo is { } undo ? new UndoablePriceChange(undo.At, undo.By, Compare(priced, undo.Apply(priced))) : null
        );

    /// <summary>The prices of an event before and after a change.</summary>
    public static IReadOnlyList<TierPricePreview> Compare(Event before, Event after)
    {
        var prices = before.Tiers.ToDictionary(tier => tier.Id, tier => tier.Price);
        return
        [
            .. after.Tiers.Select(tier => new TierPricePreview(
                tier.Name,
                prices.TryGetValue(tier.Id, out var price) ? price : null,
                tier.Price,
                Math.Max(0, tier.Available)
            )),
        ];
    }

    public static PriceChangeView ToView(this PriceChange change, Event priced, CultureInfo? language)
    {
        var tier = priced.Tiers.FirstOrDefault(tier => tier.Id == change.TierId)?.Name ?? "";
        var (reason, by, percentage, note, _) = change.Cause;
        return new PriceChangeView(
            change.At,
            change.Version,
            change.TierId,
            tier,
            change.From,
            change.To,
            reason,
            by,
            percentage,
            note,
            PriceWords.Explain(change.Cause, language)
        );
    }

    private static TierPricingView ToView(Event priced, Tier tier, DateTimeOffset now) =>
        new(
            tier.Id,
            tier.Name,
            tier.Price,
            tier.Pricing.Base,
            tier.Pricing.Demand / 100m,
            tier.Pricing.Adjustment / (decimal)PriceEngine.NoAdjustment,
            tier.Pricing.Floor,
            tier.Pricing.Ceiling,
            tier.Released,
            tier.Held + tier.Sold,
            priced.PriceValidUntil(tier, now)
        );
}
