using MediatR;
using TicketBooth.BuildingBlocks.Results;

namespace TicketBooth.Events.Contracts;

/// <summary>Whether an event's prices follow demand.</summary>
public enum PricingMode
{
    /// <summary>A price is the tier's base price with people's adjustments.</summary>
    Off,

    /// <summary>Demand moves it, within the policy's bounds.</summary>
    Demand,
}

/// <summary>How an event's prices follow demand. Shares of the base price are in percent, with at most two decimals.</summary>
/// <param name="Mode">Off or by demand. Switching off takes the demand part out of the prices at once.</param>
/// <param name="Paused">By demand, but for now nothing moves: prices stay where they are.</param>
/// <param name="AllowFalling">Whether low demand may lower a price, also below the base price. A person's adjustment always may.</param>
/// <param name="MaxIncreasePercent">The most that demand adds to the base price; 0 to 500.</param>
/// <param name="MaxDecreasePercent">The most that it takes off; 0 to 90. Of use only when prices may fall.</param>
/// <param name="SharePercent">What a tier whose tickets are all taken adds, and a tier of which a share is taken that share of it; 0 to 500.</param>
/// <param name="PacePercent">What one unit of the natural logarithm of pace / sell-out pace adds (or takes off); 0 to 500. The pace is twice the sell-out pace at 0.69.</param>
/// <param name="WindowMinutes">How far back the pace looks; 1 to 1,440.</param>
/// <param name="MaxStepPercent">The most that demand moves a price at a time; 0.1 to 100.</param>
/// <param name="StepSeconds">The least time between two moves; 5 to 86,400.</param>
/// <param name="BandPercent">Differences up to this much move nothing, so that a price does not flap; 0 to 50.</param>
/// <param name="RoundingUnit">Prices are multiples of this many cents; 1 to 100,000.</param>
public sealed record PricingPolicy(
    PricingMode Mode,
    bool Paused = false,
    bool AllowFalling = false,
    decimal MaxIncreasePercent = 50,
    decimal MaxDecreasePercent = 30,
    decimal SharePercent = 30,
    decimal PacePercent = 10,
    int WindowMinutes = 1_440,
    decimal MaxStepPercent = 5,
    int StepSeconds = 900,
    decimal BandPercent = 3,
    int RoundingUnit = 50)
{
    /// <summary>What an event has until somebody chooses otherwise.</summary>
    public static PricingPolicy Off { get; } = new(PricingMode.Off);
}
