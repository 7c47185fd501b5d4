using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Long work on the whole read model.</summary>
internal interface IMaintenanceTask
{
    RunKind Kind { get; }

    /// <summary>Whether hosts do it by themselves, and nobody waits for it.</summary>
    bool IsRoutine => false;

    /// <param name="progress">Called between steps with the number of orders processed so far.</param>
    /// <param name="cancellationToken">Canceled when the host stops or another host may have started a run.</param>
    Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken);
}

/// <summary>What a run found.</summary>
/// <param name="Orders">How many orders it processed.</param>
/// <param name="Count">How many differences from the ledger there are.</param>
/// <param name="Lines">The first differences, as text.</param>
internal sealed record Findings(long Orders, long Count, IReadOnlyList<string> Lines);
