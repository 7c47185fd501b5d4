namespace TicketBooth.LoadTests.Reports;

/// <summary>How a scenario is to be measured.</summary>
internal sealed record Plan
{
    /// <summary>How often everything is measured; the median counts.</summary>
    public required int Rounds { get; init; }

    /// <summary>Of each load.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Requests in flight.</summary>
    public required int Connections { get; init; }

    /// <summary>Of everything that is left to chance.</summary>
    public required int Seed { get; init; }

    /// <summary>Orders of the past, for <c>growth</c>.</summary>
    public required int Orders { get; init; }

    /// <summary>Events of the past, for <c>growth</c>.</summary>
    public required int Events { get; init; }

    /// <summary>For <c>soak</c>.</summary>
    public required int Minutes { get; init; }
}
