using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
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
    public const string GatewayName = Payment.Sandbox;

    public string Name => GatewayName;

    public GatewayAbilities Abilities { get; } =
        new([PaymentMethod.Card, PaymentMethod.Pix]) { AsynchronousCapture = true };

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
        var webhook = (NewWebhookId(now), outcome == SandboxState.Captured ? WebhookTypes.Confirmed : WebhookTypes.Declined);
        var (kept, owed) = await ledger.AddAsync(wanted, [.. Enumerable.Repeat(webhook, times)]);
        foreach (var callback in owed)
        {
            callbacks.Send(callback);
        }

        return new ChargeAnswer.Taken(kept.ExternalId, kept.PixCode);
    }

    public Task<string?> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async Task<ChargeStanding> GetAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        await ledger.FindAsync(payment.PaymentId) is { } charge ? StandingOf(charge) : new ChargeStanding.NotKnown();

    /// <remarks>It ends no charge yet, and says so in its abilities.</remarks>
    public async Task<CancelAnswer> CancelAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        (await ledger.FindAsync(payment.PaymentId))?.StateAt(clock.GetUtcNow()) switch
        {
            null => CancelAnswer.NotKnown,
            SandboxState.Captured or SandboxState.Refunded => CancelAnswer.AlreadyCaptured,
            SandboxState.Declined => CancelAnswer.Canceled,
            _ => CancelAnswer.Unreachable,
        };

    public async Task<RefundAnswer> RefundAsync(RefundAsk refund, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (charge, callback) = await ledger.RefundAsync(refund.Payment.PaymentId, NewWebhookId(now), WebhookTypes.Refunded, now);
        if (callback is not null)
        {
            callbacks.Send(callback);
        }

        return charge is null ? new RefundAnswer.NotCaptured() : new RefundAnswer.Settled(refund.RefundId.ToString("N"));
    }

    public IAsyncEnumerable<GatewayMovement> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<GatewayMovement>();

    private ChargeStanding.Known StandingOf(SandboxCharge charge)
    {
        var state = charge.StateAt(clock.GetUtcNow());
        GatewayCapture capture = new(charge.ExternalId, charge.Amount, charge.Currency, charge.SettlesAt);
        return new(
            state switch
            {
                SandboxState.Pending => ChargeState.Pending,
                SandboxState.Declined => ChargeState.Declined,
                _ => ChargeState.Captured,
            },
            charge.ExternalId,
            state is SandboxState.Captured or SandboxState.Refunded ? [capture] : [],
            charge.RefundedAt is { } at
                ? [new(charge.ExternalId, null, capture.Id, capture.Amount, capture.Currency, GatewayRefundState.Settled, null, at)]
                : [],
            charge.PixCode
        );
    }

    private static string NewWebhookId(DateTimeOffset now) => "msg_" + Guid.CreateVersion7(now).ToString("N");

    /// <summary>The outcome of the charge, when it comes, and how many times its webhook is sent.</summary>
    private Result<(SandboxState? Outcome, DateTimeOffset SettlesAt, int Webhooks)> PlanOf(Charge charge, DateTimeOffset now) =>
        (charge.Method, charge.Token) switch
        {
            (PaymentMethod.Pix, _) when charge.Currency != BrCode.Currency => PaymentsErrors.PixNeedsReais,
            (PaymentMethod.Pix, _) => (SandboxState.Captured, now.AddSeconds(options.Value.PixSeconds), 1),
            (PaymentMethod.Card, "tok_approve") => (SandboxState.Captured, now, 1),
            (PaymentMethod.Card, "tok_decline") => (SandboxState.Declined, now, 1),
            (PaymentMethod.Card, "tok_silent") => (null, now, 0),
            (PaymentMethod.Card, "tok_late") => (SandboxState.Captured, charge.ExpiresAt.AddSeconds(options.Value.LateSeconds), 1),
            (PaymentMethod.Card, "tok_duplicate") => (SandboxState.Captured, now, 3),
            _ => PaymentsErrors.UnknownToken,
        };
}
