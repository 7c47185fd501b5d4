using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Contracts;

/// <summary>
/// Compares what the gateways say they took and gave back with what is on record here. Money that is not on record is recorded, as if its
/// webhook had come; the outcome is stored. A long one goes on in the background. Fails with <c>reconciliation-under-way</c> or
/// <c>validation-failed</c>.
/// </summary>
/// <param name="From">Movements from then on, by the gateway's time.</param>
/// <param name="To">Movements before then. At most 92 days later.</param>
public sealed record ReconcilePayments(DateTimeOffset From, DateTimeOffset To, Actor By)
    : IRequest<Result<StartedReconciliation>>,
        IStaffAction
{
    string IStaffAction.Kind => "reconcile-payments";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Payment);
}

/// <summary>A reconciliation that was started.</summary>
/// <param name="Outcome">Null while it goes on; it is then stored under this id when it ends.</param>
public sealed record StartedReconciliation(Guid Id, ReconciliationReport? Outcome);

/// <summary>As <see cref="ReconcilePayments"/>, but it changes and stores nothing.</summary>
public sealed record ComparePayments(DateTimeOffset From, DateTimeOffset To) : IRequest<Result<ReconciliationReport>>;

/// <summary>The outcomes of reconciliations that are kept: the last 100, the newest first.</summary>
public sealed record ListReconciliations : IRequest<Result<IReadOnlyList<ReconciliationSummary>>>;

/// <summary>One outcome. Fails with <c>reconciliation-not-found</c>.</summary>
public sealed record FindReconciliation(Guid Id) : IRequest<Result<ReconciliationReport>>;

/// <summary>A comparison of the gateways' movements with ours.</summary>
/// <param name="From">Movements from then on were compared, by the gateway's time.</param>
/// <param name="To">Movements before then.</param>
/// <param name="By">The member of staff who asked for it; null for the daily one.</param>
/// <param name="Differences">All that were found; the report lists the first 1,000.</param>
public sealed record ReconciliationSummary(
    Guid Id,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    string? By,
    long Differences,
    IReadOnlyList<ReconciledGateway> Gateways
)
{
    /// <summary>Every gateway could be asked, and both sides have the same.</summary>
    public bool IsEqual => Differences == 0 && Gateways.All(gateway => gateway.Failure is null);
}

/// <param name="Lines">The first 1,000 differences.</param>
public sealed record ReconciliationReport(ReconciliationSummary Summary, IReadOnlyList<ReconciliationDifference> Lines);

/// <summary>One gateway in a reconciliation.</summary>
/// <param name="Gateway">As <c>Payments:Gateways</c> names it.</param>
/// <param name="Failure">Why it could not be asked, or not to the end; null when it was. For people.</param>
/// <param name="UnderWay">Movements of the last minutes whose webhooks may still come; they count nowhere else.</param>
public sealed record ReconciledGateway(string Gateway, string? Failure, long UnderWay, IReadOnlyList<ReconciledSum> Sums);

/// <summary>What both sides have of one kind in one currency.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TheirAmount">In the currency's smallest unit.</param>
/// <param name="OurAmount">In the currency's smallest unit.</param>
public sealed record ReconciledSum(
    MoneyMovement Movement,
    string Currency,
    long TheirCount,
    long TheirAmount,
    long OurCount,
    long OurAmount
);

/// <summary>Which way money moved.</summary>
public enum MoneyMovement
{
    /// <summary>From a buyer to the house.</summary>
    Capture,

    /// <summary>Back to a buyer.</summary>
    Refund,
}

/// <summary>How the two sides differ.</summary>
public enum ReconciliationDifferenceKind
{
    /// <summary>The gateway moved money that was not on record here.</summary>
    TheirsOnly,

    /// <summary>Money is on record here that the gateway does not know of.</summary>
    OursOnly,

    /// <summary>Both have it, with another amount or currency.</summary>
    OtherAmount,
}

/// <summary>What else is known of a difference.</summary>
public enum ReconciliationNote
{
    None,

    /// <summary>It is on record now, and the rules of late money apply.</summary>
    Recorded,

    /// <summary>It could not be recorded yet: the gateway did not say what it belongs to.</summary>
    NotRecorded,

    /// <summary>A refund that is on record here as refused.</summary>
    RefusedHere,

    /// <summary>A refund that staff have paid back by hand too.</summary>
    PaidBackByHand,
}

/// <summary>Money that one side has and the other has not, or has otherwise.</summary>
/// <param name="Id">The gateway's, of the capture or the refund.</param>
/// <param name="ExternalId">The gateway's, of the charge.</param>
/// <param name="PaymentId">Ours, as the gateway names it.</param>
/// <param name="OrderId">Null when no payment of ours is meant.</param>
/// <param name="Theirs">Null when they do not have it.</param>
/// <param name="Ours">Null when we did not have it.</param>
/// <param name="At">The gateway's time; ours where only we have it.</param>
public sealed record ReconciliationDifference(
    string Gateway,
    ReconciliationDifferenceKind Kind,
    MoneyMovement Movement,
    string Id,
    string? ExternalId,
    Guid? PaymentId,
    Guid? OrderId,
    ReconciledAmount? Theirs,
    ReconciledAmount? Ours,
    DateTimeOffset At,
    ReconciliationNote Note
);

/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record ReconciledAmount(long Amount, string Currency);
