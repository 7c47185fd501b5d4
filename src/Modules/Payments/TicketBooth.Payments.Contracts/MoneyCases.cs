using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Contracts;

/// <summary>Why staff should know of some money.</summary>
public enum MoneyCaseKind
{
    /// <summary>Another amount or currency was captured than the order asked for. It goes back by itself.</summary>
    OtherAmount,

    /// <summary>The amount was captured a second time. It goes back by itself.</summary>
    PaidTwice,

    /// <summary>Captured money that no payment of ours expects.</summary>
    Unmatched,

    /// <summary>The gateway refuses to give money back.</summary>
    RefundFailed,

    /// <summary>The buyer's bank disputes a capture.</summary>
    Dispute,

    /// <summary>Money went back that we had not asked for: from the gateway's console, or by the buyer's bank.</summary>
    ReturnedFromConsole,
}

/// <summary>What staff may do about a case.</summary>
public enum MoneyCaseChoice
{
    /// <summary><see cref="AcceptMoney"/>.</summary>
    Accept,

    /// <summary><see cref="RefundMoney"/>.</summary>
    Refund,

    /// <summary><see cref="NoteMoney"/>.</summary>
    Note,

    /// <summary><see cref="MarkRefundPaidBack"/>.</summary>
    PaidBackByHand,
}

/// <summary>Money that is not a plain payment or a plain refund.</summary>
/// <param name="Id">Opaque; never changes.</param>
/// <param name="IsOpen">It waits for a person, or for the refund that a person asked for.</param>
/// <param name="Gateway">As <c>Payments:Gateways</c> names it.</param>
/// <param name="ExternalId">The gateway's id of the charge.</param>
/// <param name="PaymentId">Ours; of unmatched money what the gateway named, if anything.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record MoneyCase(
    string Id,
    MoneyCaseKind Kind,
    bool IsOpen,
    string Gateway,
    string? ExternalId,
    Guid? PaymentId,
    Guid? OrderId,
    long Amount,
    string Currency,
    DateTimeOffset At
)
{
    /// <summary>How much of it is back with the buyer.</summary>
    public long Returned { get; init; }

    /// <summary>Where a dispute is; null for other kinds of cases.</summary>
    public PaymentDisputeState? Dispute { get; init; }

    /// <summary>The gateway's word: why it refused, or why the buyer disputes.</summary>
    public string? Reason { get; init; }

    /// <summary>What staff wrote: a note, or the reference of the transfer.</summary>
    public string? Note { get; init; }

    /// <summary>The member of staff who dealt with it.</summary>
    public string? By { get; init; }

    public IReadOnlyList<MoneyCaseChoice> Choices { get; init; } = [];
}

/// <summary>Cases by the age of their payments, the newest first; unmatched money comes before all others.</summary>
/// <param name="All">Also those that wait for nobody.</param>
/// <param name="Cursor">Of the page before; null for the first page.</param>
/// <param name="Limit">1 to 200. A page may have a few more: the cases of one payment stay together.</param>
public sealed record ListMoneyCases(bool All, string? Cursor, int Limit) : IRequest<Result<Page<MoneyCase>>>;

/// <summary>
/// A decision about a case. Fails with <c>money-case-not-found</c>, or with <c>money-case-choice</c> when the case does not offer it (any
/// more).
/// </summary>
public interface IMoneyDecision : IRequest<Result<MoneyCase>>, IStaffAction
{
    /// <summary>As <see cref="MoneyCase.Id"/>.</summary>
    string CaseId { get; }

    ActionSubject IStaffAction.Subject =>
        new(ActionSubjectKind.Payment, CaseId is { Length: > 32 } && Guid.TryParseExact(CaseId[..32], "N", out var id) ? id : null);
}

/// <summary>Keeps unmatched money.</summary>
/// <param name="Note">What it is for; 1 to 500 characters.</param>
public sealed record AcceptMoney(string CaseId, string Note, Actor By) : IMoneyDecision
{
    string IStaffAction.Kind => "accept-money";
}

/// <summary>Gives unmatched money back, or tries a refund again that the gateway refused.</summary>
public sealed record RefundMoney(string CaseId, Actor By) : IMoneyDecision
{
    string IStaffAction.Kind => "refund-money";
}

/// <summary>Takes note: the case then waits for nobody.</summary>
/// <param name="Note">1 to 500 characters.</param>
public sealed record NoteMoney(string CaseId, string Note, Actor By) : IMoneyDecision
{
    string IStaffAction.Kind => "note-money";
}

/// <summary>The buyer was paid back in another way than by the gateway.</summary>
/// <param name="Reference">Of the transfer; 1 to 200 characters.</param>
public sealed record MarkRefundPaidBack(string CaseId, string Reference, Actor By) : IMoneyDecision
{
    string IStaffAction.Kind => "mark-refund-paid-back";
}

/// <summary>How much waits for staff.</summary>
public sealed record GetMoneyAttention : IRequest<Result<MoneyAttention>>;

/// <summary>Cases of money that wait, and what the last reconciliation found.</summary>
/// <param name="OpenCases">Counted up to 200.</param>
/// <param name="HasMore">There are more than were counted.</param>
/// <param name="Last">The last reconciliation; null before the first.</param>
public sealed record MoneyAttention(int OpenCases, bool HasMore, ReconciliationSummary? Last)
{
    /// <summary>Certificates of gateways that end within 30 days.</summary>
    public IReadOnlyList<ExpiringCertificate> Certificates { get; init; } = [];
}

/// <summary>A certificate of the settings that is to be replaced.</summary>
/// <param name="Setting">Where it is set, for example <c>Payments:Pix:Certificate</c>.</param>
/// <param name="ExpiresAt">From then on its gateway takes no payments.</param>
public sealed record ExpiringCertificate(string Setting, DateTimeOffset ExpiresAt);

/// <summary>All money of the given payments, in the order of the payments' ids. Payments that do not exist are left out.</summary>
/// <param name="PaymentIds">At most 1,000.</param>
public sealed record GetPaymentMoney(IReadOnlyList<Guid> PaymentIds) : IRequest<Result<IReadOnlyList<PaymentMoney>>>;

/// <summary>All money of a payment.</summary>
/// <param name="HasFailedRefund">The gateway refuses to give money back, and nobody has dealt with it.</param>
/// <param name="IsDisputed">The buyer's bank disputes money and has not decided.</param>
/// <param name="Lines">What moved, or should move: in the order in which it became known, captures first.</param>
public sealed record PaymentMoney(Guid PaymentId, bool HasFailedRefund, bool IsDisputed, IReadOnlyList<PaymentMoneyLine> Lines);

/// <summary>Money that moved, or should move.</summary>
/// <param name="Id">The gateway's; null for a refund that it has not accepted yet.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="Reason">Why it goes back, as a stable code; of a dispute the gateway's word.</param>
/// <param name="Failure">The gateway's word, when it refused a refund.</param>
/// <param name="At">When we learned of it, or when it ended; null for a refund that waits.</param>
/// <param name="By">The member of staff who dealt with it.</param>
/// <param name="Note">What they wrote, or the reference of their transfer.</param>
public sealed record PaymentMoneyLine(
    PaymentMoneyKind Kind,
    string? Id,
    long Amount,
    string Currency,
    string? Reason,
    string? Failure,
    DateTimeOffset? At,
    string? By,
    string? Note
);

/// <summary>What a line of a payment's money is.</summary>
public enum PaymentMoneyKind
{
    /// <summary>Captured, and pays the order.</summary>
    Captured,

    /// <summary>Captured, and pays nothing.</summary>
    CapturedBeside,
    RefundUnderWay,
    Refunded,
    RefundRefused,
    PaidBackByHand,

    /// <summary>Went back without our asking.</summary>
    ReturnedFromConsole,
    DisputeOpened,
    DisputeWon,
    DisputeLost,
}
