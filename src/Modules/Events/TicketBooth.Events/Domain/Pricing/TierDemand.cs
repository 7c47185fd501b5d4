namespace TicketBooth.Events.Domain.Pricing;

/// <summary>What the price engine knows of one tier at one moment.</summary>
internal sealed record TierDemand
{
    /// <summary>The price that the organiser set, in cents.</summary>
    public required long Base { get; init; }

    public long? Floor { get; init; }

    public long? Ceiling { get; init; }

    /// <summary>The product of all adjustments in parts per million; more than 0.</summary>
    public long Adjustment { get; init; } = PriceEngine.NoAdjustment;

    /// <summary>What demand adds to the base price now, in basis points of it.</summary>
    public int Demand { get; init; }

    /// <summary>What a ticket costs now: always what <see cref="PriceEngine.PriceOf"/> makes of the parts.</summary>
    public required long Price { get; init; }

    /// <summary>When demand last moved the price; null for never.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    public required int Released { get; init; }

    public required int Held { get; init; }

    public required int Sold { get; init; }

    /// <summary>Tickets that were taken within the policy's window, less those that came back.</summary>
    public required int TakenInWindow { get; init; }

    public required DateTimeOffset SaleOpensAt { get; init; }

    public required DateTimeOffset SaleClosesAt { get; init; }

    public required DateTimeOffset Now { get; init; }

    public int Available => Math.Max(0, Released - Held - Sold);

    /// <summary>
    /// The base price with all adjustments: what a ticket costs without demand. Percentages of the base price refer to it.
    /// </summary>
    public decimal Scale => Base * (Adjustment / (decimal)PriceEngine.NoAdjustment);

    public TierDemand After(PriceDecision decision) =>
        decision.IsChange ? this with { Price = decision.Price, Demand = decision.Demand, ChangedAt = Now } : this;
}
