using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Storage;
using static TicketBooth.Payments.Domain.MoneyCases;

namespace TicketBooth.Payments.Cases;

/// <summary>Writes what staff decide, if the case still offers it at that moment: of two decisions at once one fails.</summary>
internal sealed class MoneyDecisions(PaymentLedger ledger, IMoneyStore money, RetryQueue<DueRefund> refunds, TimeProvider clock)
{
    public Task<Result<MoneyCase>> AcceptAsync(string caseId, string note, Actor by) =>
        DecideAsync(
            caseId,
            MoneyCaseChoice.Accept,
            (unmatched, _) => unmatched with { State = UnmatchedState.Accepted, Note = note, By = by.Name },
            fact: null
        );

    public Task<Result<MoneyCase>> NoteAsync(string caseId, string note, Actor by) =>
        DecideAsync(
            caseId,
            MoneyCaseChoice.Note,
            (unmatched, id) =>
                id.IsDispute
                    ? unmatched with
                    {
                        Disputes =
                        [
                            .. unmatched.Disputes.Select((dispute, i) => i == id.DisputeIndex ? dispute with { Note = note } : dispute),
                        ],
                    }
                    : unmatched with
                    {
                        State = UnmatchedState.Noted,
                        Note = note,
                        By = by.Name,
                    },
            id => new PaymentFact.Noted(id.IsDispute, id.Index, note)
        );

    public async Task<Result<MoneyCase>> RefundAsync(string caseId, Actor by)
    {
        var askedAs = Guid.CreateVersion7(clock.GetUtcNow());
        var decided = await DecideAsync(
            caseId,
            MoneyCaseChoice.Refund,
            (unmatched, _) =>
                unmatched with
                {
                    State = UnmatchedState.Refunding,
                    AskedAs = askedAs,
                    Tries = 0,
                    Failure = null,
                    By = by.Name,
                },
            id => new PaymentFact.RefundTriedAgain(id.Index, askedAs, by.Name)
        );
        if (decided.IsSuccess && CaseId.Parse(caseId) is { IsUnmatched: true } id)
        {
            refunds.Add(new DueRefund(id.Subject, RefundId: null));
        }

        return decided;
    }

    public Task<Result<MoneyCase>> MarkPaidBackAsync(string caseId, string reference, Actor by) =>
        DecideAsync(
            caseId,
            MoneyCaseChoice.PaidBackByHand,
            (unmatched, _) => unmatched,
            id => new PaymentFact.PaidBackByHand(id.Index, reference, by.Name)
        );

    /// <param name="change">Of unmatched money.</param>
    /// <param name="fact">About a payment; null when no case of a payment offers this.</param>
    private async Task<Result<MoneyCase>> DecideAsync(
        string caseId,
        MoneyCaseChoice choice,
        Func<UnmatchedMoney, CaseId, UnmatchedMoney> change,
        Func<CaseId, PaymentFact>? fact
    )
    {
        if (CaseId.Parse(caseId) is not { } id)
        {
            return PaymentsErrors.CaseNotFound;
        }

        if (id.IsUnmatched)
        {
            var decided = await money.ChangeAsync(id.Subject, unmatched => (unmatched is null ? null : Find(Of(unmatched), id))
                    is not { } found
                    ? PaymentsErrors.CaseNotFound
                : found.Choices.Contains(choice) ? change(unmatched!, id)
                : PaymentsErrors.CaseChoice);
            return decided.Map(unmatched => Find(Of(unmatched), id)!);
        }

        if (fact is null)
        {
            return PaymentsErrors.CaseChoice;
        }

        var recorded = await ledger.RecordAsync(id.Subject, payment => RefusalOf(payment, id, choice), fact(id));
        return recorded.Error is { } error
            ? error == PaymentsErrors.NotFound
                ? PaymentsErrors.CaseNotFound
                : error
            : AfterwardsOf(recorded.Value.Payment, id);
    }

    private static MoneyCase? Find(IEnumerable<MoneyCase> cases, CaseId id) => cases.FirstOrDefault(one => one.Id == id.ToString());

    private static Error? RefusalOf(Payment payment, CaseId id, MoneyCaseChoice choice) =>
        Find(Of(payment), id) is not { } found ? PaymentsErrors.CaseNotFound
        : found.Choices.Contains(choice) ? null
        : PaymentsErrors.CaseChoice;

    /// <summary>The case as it is now. A refund that is tried again is no case while it is under way.</summary>
    private static MoneyCase AfterwardsOf(Payment payment, CaseId id) =>
        Find(Of(payment), id)
        ?? new MoneyCase(
            id.ToString(),
            MoneyCaseKind.RefundFailed,
            IsOpen: false,
            payment.Gateway,
            payment.ExternalId,
            payment.Id,
            payment.OrderId,
            payment.Money.Refunds[id.Index].Amount,
            payment.Money.Refunds[id.Index].Currency,
            payment.ChangedAt
        );
}
