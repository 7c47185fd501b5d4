using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>A kind of load, and what is measured under it.</summary>
internal interface IScenario
{
    /// <summary>As it is called on the command line and in the results.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence for <c>--help</c>.</summary>
    string Description { get; }

    /// <summary>Measures <see cref="Plan.Rounds"/> times, all of one round before the next, so that a busy minute does not favour one figure.</summary>
    Task RunAsync(Plan plan, Report report);
}
