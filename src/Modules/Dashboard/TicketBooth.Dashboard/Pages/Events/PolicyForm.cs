using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>A <see cref="PricingPolicy"/> as its form sends it.</summary>
internal sealed class PolicyForm
{
    /// <summary>What is wrong when there is no policy.</summary>
    public static readonly Error NoRoundingUnit = Error.Rule("validation-failed", "Something in the form is not right.") with
    {
        Fields = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["roundingUnit"] = ["This is not an amount of money that prices can be rounded to."],
        },
    };

    private const int HighestRoundingUnit = 100_000;

    /// <summary>One of <see cref="PricingPresets"/>; anything else means the values.</summary>
    public string? Preset { get; set; }

    public PricingMode Mode { get; set; }

    public bool Paused { get; set; }

    public bool AllowFalling { get; set; }

    public decimal MaxIncreasePercent { get; set; }

    public decimal MaxDecreasePercent { get; set; }

    public decimal SharePercent { get; set; }

    public decimal PacePercent { get; set; }

    public int WindowMinutes { get; set; }

    public decimal MaxStepPercent { get; set; }

    public int StepSeconds { get; set; }

    public decimal BandPercent { get; set; }

    /// <summary>An amount of the event's currency, typed as prices are.</summary>
    public decimal RoundingUnit { get; set; }

    /// <summary>
    /// The preset, unless values were typed that differ from those that the page showed; null when prices cannot be rounded as typed.
    /// </summary>
    public PricingPolicy? Wanted(PricingPolicy shown, string currency) =>
        ToPolicy(currency) is var typed && typed == shown && PricingPresets.Find(Preset) is { } preset ? preset : typed;

    /// <summary>The values; null when prices cannot be rounded as typed.</summary>
    public PricingPolicy? ToPolicy(string currency) =>
        Currencies.ToUnits(RoundingUnit, currency) is { } unit and > 0 and <= HighestRoundingUnit
            ? new(
                Mode,
                Paused,
                AllowFalling,
                MaxIncreasePercent,
                MaxDecreasePercent,
                SharePercent,
                PacePercent,
                WindowMinutes,
                MaxStepPercent,
                StepSeconds,
                BandPercent,
                (int)unit
            )
            : null;
}
