using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>Pricing policies in plain words, for people who do not want to set twelve values.</summary>
internal static class PricingPresets
{
    /// <summary>What the form sends for values of one's own.</summary>
    public const string Own = "own";

    /// <summary>Each with the name that its form sends, and what it means: a key of <see cref="Shell.Words"/>.</summary>
    public static readonly IReadOnlyList<(string Name, string Text, PricingPolicy Policy)> All =
    [
        ("fixed", "Fixed: prices stay as you set them.", PricingPolicy.Off),
        (
            "calm",
            "Calm: up to 20 % more while tickets sell, by at most 2 % an hour. Prices never fall.",
            new PricingPolicy(
                PricingMode.Demand,
                MaxIncreasePercent: 20,
                SharePercent: 15,
                PacePercent: 5,
                MaxStepPercent: 2,
                StepSeconds: 3_600,
                BandPercent: 2
            )
        ),
        (
            "usual",
            "Usual: up to 50 % more while tickets sell, by at most 5 % every 15 minutes. Prices never fall.",
            new PricingPolicy(PricingMode.Demand)
        ),
        (
            "lively",
            "Lively: up to 100 % more or 30 % less, by at most 10 % every 10 minutes.",
            new PricingPolicy(
                PricingMode.Demand,
                AllowFalling: true,
                MaxIncreasePercent: 100,
                SharePercent: 60,
                PacePercent: 20,
                MaxStepPercent: 10,
                StepSeconds: 600
            )
        ),
    ];

    /// <summary>The policy of a preset; null when there is none of this name.</summary>
    public static PricingPolicy? Find(string? name) => All.FirstOrDefault(preset => preset.Name == name).Policy;

    /// <summary>The preset that a policy is, or <see cref="Own"/>.</summary>
    public static string NameOf(PricingPolicy policy) => All.FirstOrDefault(preset => preset.Policy == policy).Name ?? Own;
}
