namespace TicketBooth.Events.Domain.Pricing;

/// <summary>What the engine decided about a tier's price, and why.</summary>
/// <param name="Before">The price so far.</param>
internal sealed record PriceDecision(long Before, long Price, PriceReasons Reasons)
{
    /// <summary>The tier's new demand part, in basis points of the base price.</summary>
    public int Demand => Reasons.To;

    /// <summary>Whether there is anything to write. Switching off may change the demand part alone, when a bound held the price.</summary>
    public bool IsChange => Price != Before || Reasons.To != Reasons.From;
}

/// <summary>Why a price is what it is. Stored as JSON with each change.</summary>
/// <param name="ShareTaken">The share of the released tickets that is sold or on payment; 0 to 1.</param>
/// <param name="Taken">Tickets that were taken within <paramref name="Minutes"/>, less those that came back; 0 at least.</param>
/// <param name="Minutes">
/// How far back the engine looked: the policy's window, or the time since the sale opened when that is shorter.
/// </param>
/// <param name="MinutesLeft">Until the sale closes.</param>
/// <param name="Target">Where demand points to, in basis points of the base price, within the policy's and the tier's bounds.</param>
/// <param name="From">The demand part before, in basis points.</param>
/// <param name="To">And after.</param>
internal sealed record PriceReasons(
    double ShareTaken,
    int Taken,
    double Minutes,
    int Available,
    double MinutesLeft,
    int Target,
    int From,
    int To,
    PriceLimits Limits
)
{
    public double PacePerHour => PerHour(Taken, Minutes);

    /// <summary>The pace that just sells out by the close.</summary>
    public double SellOutPacePerHour => PerHour(Available, MinutesLeft);

    private static double PerHour(int tickets, double minutes) => minutes > 0 ? tickets * 60 / minutes : 0;
}

/// <summary>What kept a price from following demand all the way. Stored by name, so names never change.</summary>
[Flags]
internal enum PriceLimits
{
    None = 0,

    /// <summary>It moves one step at a time.</summary>
    Step = 1,
    Floor = 2,
    Ceiling = 4,
    MaxIncrease = 8,
    MaxDecrease = 16,

    /// <summary>Demand would lower it, which the policy does not allow.</summary>
    NoFalling = 32,

    /// <summary>It is close enough to where demand points to.</summary>
    Band = 64,

    /// <summary>It moved too short a time ago.</summary>
    Interval = 128,

    /// <summary>Prices do not follow demand at all.</summary>
    Off = 256,
    Paused = 512,
    NotOpen = 1024,
    Closed = 2048,

    /// <summary>The tickets are free, and stay free.</summary>
    Free = 4096,
}
