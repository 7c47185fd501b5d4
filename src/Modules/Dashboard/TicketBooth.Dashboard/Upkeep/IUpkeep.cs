using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Upkeep;

/// <summary>Long work on the whole read model.</summary>
internal interface IUpkeep
{
    RunKind Kind { get; }

    /// <param name="progress">Told now and then how many orders it has been through.</param>
    Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken);
}

/// <summary>What a run found to differ from the ledger.</summary>
/// <param name="Orders">How many orders it has been through.</param>
/// <param name="Count">How many differences there are.</param>
/// <param name="Lines">The first of them, in words.</param>
internal sealed record Findings(long Orders, long Count, IReadOnlyList<string> Lines);
