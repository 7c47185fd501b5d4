namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// One module's part of the command <c>audit</c>, and of the self-audit of a host that serves: checks the promises I1-I8 on what is
/// stored.
/// </summary>
/// <remarks>A check only reads. It may query other modules through their contracts, to compare both sides of a promise.</remarks>
public interface IInvariantCheck
{
    /// <summary>Whether a host that serves may run it: in steps, none of which grows with the data.</summary>
    bool RunsInSteps => true;

    Task RunAsync(InvariantReport report, CancellationToken cancellationToken);
}
