using MediatR;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>What a policy would do: to the prices at once, and what it would have done with the sales of the last week.</summary>
/// <param name="DryRun">Null for a draft, which has no sales.</param>
/// <param name="Picture">The prices as they were and as they would have been; null for a draft.</param>
internal sealed record PolicyPreview(PricePreview Prices, PricingDryRun? DryRun, PriceChart? Picture)
{
    private const int Hours = 168;

    public static async Task<Result<PolicyPreview>> OfAsync(
        IMediator mediator,
        Guid eventId,
        PricingPolicy policy,
        IStringLocalizer<Words> words,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(mediator);
        ArgumentNullException.ThrowIfNull(words);
        var prices = await mediator.Send(new PreviewPolicy(eventId, policy), cancellationToken);
        if (prices.Error is { } error)
        {
            return error;
        }

        var tried = await mediator.Send(new DryRunPricing(eventId, policy, Hours), cancellationToken);
        if (tried.Error is not null)
        {
            return new PolicyPreview(prices.Value, null, null);
        }

        var run = tried.Value;
        var actual = await mediator.Send(new GetPriceChart(eventId, run.From), cancellationToken);
        return actual.Map(chart => new PolicyPreview(
            prices.Value,
            run,
            new PriceChart(
                run.To,
                run.Currency,
                [
                    .. chart
                        .Tiers.Where(tier => tier.Prices.Count > 0)
                        .Select(tier => tier with { Tier = words["{0}, as it was", tier.Tier] }),
                    .. run.Tiers.Select(tier => new TierChart(
                        tier.TierId,
                        words["{0}, with this policy", tier.Tier],
                        [new PricePoint(run.From, tier.Start), .. tier.Steps.Select(step => new PricePoint(step.At, step.To))],
                        []
                    )),
                ]
            )
        ));
    }
}
