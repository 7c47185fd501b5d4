using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Storage;

/// <summary>The outcomes of reconciliations. Durable when a method's task completes.</summary>
internal interface IReconciliationStore
{
    /// <summary>How many are kept.</summary>
    const int Kept = 100;

    /// <summary>Adds an outcome, and removes those before the last <see cref="Kept"/>.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="due">When it was due; null when somebody asked for it.</param>
    /// <returns>False, and nothing written, when one that was due then is stored already.</returns>
    Task<bool> AddAsync(ReconciliationReport report, DateTimeOffset? due);

    Task<ReconciliationReport?> FindAsync(Guid id);

    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<ReconciliationSummary>> ListAsync(int limit);

    /// <summary>When the last of those that were due was due; null when there is none.</summary>
    Task<DateTimeOffset?> LastDueAsync();
}
