using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>
/// A gateway that moves no money, for development and tests. It behaves like a real one: it stores charges durably, never charges the
/// same payment twice, and reports outcomes only through signed webhooks over HTTP. The name of a card's token decides its outcome.
/// </summary>
internal sealed class SandboxGateway(
    ISandboxLedger ledger,
    SandboxCallbacks callbacks,
    IOptions<SandboxOptions> options,
    TimeProvider clock
) : IPaymentGateway
{
    public IReadOnlyList<string>? Currencies => null;

    private PixPayee Payee => new(options.Value.PixKey, options.Value.PixName, options.Value.PixCity);

    public async Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var plan = PlanOf(charge, now);
        if (plan.Error is { } error)
        {
            return new ChargeAnswer.Refused(error);
        }

        var (outcome, settlesAt, times) = plan.Value;
        var wanted = new SandboxCharge(
            charge.PaymentId,
            "sbx_" + Guid.CreateVersion7(now).ToString("N"),
            charge.Amount,
            charge.Currency,
            outcome,
            settlesAt,
            charge.Method == PaymentMethod.Pix ? BrCode.Of(Payee, charge.Amount, charge.PaymentId) : null
        );
        var webhook = (NewWebhookId(now), outcome == ChargeState.Captured ? WebhookTypes.Confirmed : WebhookTypes.Declined);
        var (kept, owed) = await ledger.AddAsync(wanted, [.. Enumerable.Repeat(webhook, times)]);
        foreach (var callback in owed)
        {
            callbacks.Send(callback);
        }

        return new ChargeAnswer.Taken(kept.ExternalId, kept.PixCode);
    }

    public async Task<ChargeStanding> GetAsync(Guid paymentId, CancellationToken cancellationToken) =>
        await ledger.FindAsync(paymentId) is { } charge
            ? new ChargeStanding.Known(charge.StateAt(clock.GetUtcNow()), charge.ExternalId, charge.Amount, charge.Currency, charge.PixCode)
            : new ChargeStanding.NotKnown();

    public async Task<RefundAnswer> RefundAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (charge, callback) = await ledger.RefundAsync(paymentId, NewWebhookId(now), WebhookTypes.Refunded, now);
        if (callback is not null)
        {
            callbacks.Send(callback);
        }

        return charge is null ? RefundAnswer.NotCaptured : RefundAnswer.Refunded;
    }

    private static string NewWebhookId(DateTimeOffset now) => "msg_" + Guid.CreateVersion7(now).ToString("N");

    /// <summary>The outcome of the charge, when it comes, and how many times its webhook is sent.</summary>
    private Result<(ChargeState? Outcome, DateTimeOffset SettlesAt, int Webhooks)> PlanOf(Charge charge, DateTimeOffset now) =>
        (charge.Method, charge.Token) switch
        {
            (PaymentMethod.Pix, _) when charge.Currency != BrCode.Currency => PaymentsErrors.PixNeedsReais,
            (PaymentMethod.Pix, _) => (ChargeState.Captured, now.AddSeconds(options.Value.PixSeconds), 1),
            (PaymentMethod.Card, "tok_approve") => (ChargeState.Captured, now, 1),
            (PaymentMethod.Card, "tok_decline") => (ChargeState.Declined, now, 1),
            (PaymentMethod.Card, "tok_silent") => (null, now, 0),
            (PaymentMethod.Card, "tok_late") => (ChargeState.Captured, charge.ExpiresAt.AddSeconds(options.Value.LateSeconds), 1),
            (PaymentMethod.Card, "tok_duplicate") => (ChargeState.Captured, now, 3),
            _ => PaymentsErrors.UnknownToken,
        };
}
