using System.Runtime.CompilerServices;
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

    private const long OneMore = 1;

    public string Name => GatewayName;

    public GatewayAbilities Abilities { get; } =
        new([PaymentMethod.Card, PaymentMethod.Pix])
        {
            PartialRefunds = true,
            AsynchronousCapture = true,
            CancelsAttempts = true,
            Disputes = true,
            ListsMovements = true,
        };

    private PixPayee Payee => new(options.Value.PixKey, options.Value.PixName, options.Value.PixCity);

    public Task<GatewayCheck> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult<GatewayCheck>(new GatewayCheck.Right());

    public async Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var plan = PlanOf(charge, now);
        if (plan.Error is { } error)
        {
            return new ChargeAnswer.Refused(error);
        }

        var (wanted, webhooks) = plan.Value;
        var (kept, owed) = await ledger.AddAsync(wanted, webhooks);
        Send(owed);
        return new ChargeAnswer.Taken(kept.ExternalId, kept.PixCode, ActionOf(kept));
    }

    public async Task<ChargeStanding> GetAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        await ledger.FindAsync(payment.PaymentId) is { } charge ? StandingOf(charge, clock.GetUtcNow()) : new ChargeStanding.NotKnown();

    public async Task<CancelAnswer> CancelAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await ledger.ChangeAsync(payment.PaymentId, charge => SandboxRules.Cancel(charge, now)) is not { } changed)
        {
            return CancelAnswer.NotKnown;
        }

        Send(changed.Callbacks);
        return changed.Charge.StateAt(now) switch
        {
            SandboxState.Captured or SandboxState.Refunded => CancelAnswer.AlreadyCaptured,
            // Its money is on its way: nobody can say yet.
            SandboxState.Pending => CancelAnswer.Unreachable,
            _ => CancelAnswer.Canceled,
        };
    }

    public async Task<RefundAnswer> RefundAsync(RefundAsk refund, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var changed = await ledger.ChangeAsync(refund.Payment.PaymentId, charge => SandboxRules.Refund(charge, refund, now));
        Send(changed?.Callbacks ?? []);
        return SandboxRules.AnswerTo(changed?.Charge, refund, now);
    }

    public async IAsyncEnumerable<GatewayMovement> ListAsync(
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var charge in ledger.ListAsync(from, to, cancellationToken))
        {
            foreach (var movement in MovementsOf(charge, clock.GetUtcNow()))
            {
                if (from <= movement.At && movement.At < to)
                {
                    yield return movement;
                }
            }
        }
    }

    /// <summary>Gives money back as somebody does in a gateway's console: nobody asked us.</summary>
    public async Task ReturnFromConsoleAsync(Guid paymentId, long amount)
    {
        var changed = await ledger.ChangeAsync(paymentId, charge => SandboxRules.ReturnFromConsole(charge, amount, clock.GetUtcNow()));
        Send(changed?.Callbacks ?? []);
    }

    /// <summary>Finishes the step that a buyer must take; false when no charge waits for one.</summary>
    public async Task<bool> TakeStepAsync(Guid paymentId)
    {
        var changed = await ledger.ChangeAsync(paymentId, charge => SandboxRules.TakeStep(charge, clock.GetUtcNow()));
        Send(changed?.Callbacks ?? []);
        return changed is { Callbacks.Count: > 0 };
    }

    private static NextAction? ActionOf(SandboxCharge charge) =>
        charge.Rest.AwaitsStep ? new NextAction("redirect", SandboxSteps.AddressOf(charge.PaymentId), ClientSecret: null) : null;

    private static IEnumerable<GatewayMovement> MovementsOf(SandboxCharge charge, DateTimeOffset now) =>
        charge
            .CapturesAt(now)
            .Select(one => new GatewayMovement(
                MovementKind.Capture,
                one.Id,
                charge.ExternalId,
                charge.PaymentId,
                one.Amount,
                one.Currency,
                one.At
            ))
            .Concat(
                charge.Refunds.Select(one => new GatewayMovement(
                    MovementKind.Refund,
                    one.Id,
                    charge.ExternalId,
                    charge.PaymentId,
                    one.Amount,
                    one.Currency,
                    one.At
                ))
            );

    private static ChargeStanding.Known StandingOf(SandboxCharge charge, DateTimeOffset now) =>
        new(
            charge.StateAt(now) switch
            {
                SandboxState.Pending => charge.Rest.AwaitsStep ? ChargeState.ActionRequired : ChargeState.Pending,
                SandboxState.Declined => ChargeState.Declined,
                SandboxState.Canceled => ChargeState.Canceled,
                _ => ChargeState.Captured,
            },
            charge.ExternalId,
            [.. charge.CapturesAt(now)],
            [.. charge.Refunds],
            charge.PixCode,
            ActionOf(charge)
        );

    private void Send(IReadOnlyList<SandboxCallback> owed)
    {
        foreach (var callback in owed)
        {
            callbacks.Send(callback);
        }
    }

    /// <summary>The charge as it will be, and the webhooks that tell of it.</summary>
    private Result<(SandboxCharge Charge, IReadOnlyList<SandboxWebhook> Webhooks)> PlanOf(Charge asked, DateTimeOffset now)
    {
        var charge = new SandboxCharge(
            asked.PaymentId,
            SandboxRules.NewId("sbx_", now),
            asked.Amount,
            asked.Currency,
            SandboxState.Captured,
            now,
            asked.Method == PaymentMethod.Pix && asked.Currency == BrCode.Currency ? BrCode.Of(Payee, asked.Amount, asked.PaymentId) : null
        );
        var second = new GatewayCapture(charge.ExternalId + "-2", asked.Amount, asked.Currency, now);
        var confirmed = new SandboxWebhook(SandboxRules.NewId("msg_", now), WebhookTypes.Confirmed, now);
        var another = SandboxRules.NewId("msg_", now);
        return (asked.Method, asked.Token) switch
        {
            (PaymentMethod.Pix, _) when charge.PixCode is null => PaymentsErrors.PixNeedsReais,
            (PaymentMethod.Pix, _) => Later(now.AddSeconds(options.Value.PixSeconds)),
            (PaymentMethod.Card, "tok_approve") => (charge, [confirmed]),
            (PaymentMethod.Card, "tok_decline") => (
                charge with
                {
                    Outcome = SandboxState.Declined,
                },
                [confirmed with { Type = WebhookTypes.Declined }]
            ),
            (PaymentMethod.Card, "tok_silent") => (charge with { Outcome = null }, []),
            (PaymentMethod.Card, "tok_late") => Later(asked.ExpiresAt.AddSeconds(options.Value.LateSeconds)),
            (PaymentMethod.Card, "tok_duplicate") => (charge, [confirmed, confirmed, confirmed]),
            (PaymentMethod.Card, "tok_other_amount") => (charge with { Amount = asked.Amount + OneMore }, [confirmed]),
            (PaymentMethod.Card, "tok_paid_twice") => (
                charge with
                {
                    More = SandboxMore.None with { Captures = [second] },
                },
                [confirmed, confirmed with { WebhookId = another, Detail = new SandboxDetail(CaptureId: second.Id) }]
            ),
            (PaymentMethod.Card, "tok_refund_fails") => (
                charge with
                {
                    More = SandboxMore.None with { RefusesRefunds = true },
                },
                [confirmed]
            ),
            (PaymentMethod.Card, "tok_dispute") => (
                charge,
                [
                    confirmed,
                    new(
                        another,
                        WebhookTypes.Disputed,
                        now,
                        new SandboxDetail(
                            CaptureId: charge.ExternalId,
                            DisputeId: "sbd_" + charge.ExternalId,
                            DisputeState: "opened",
                            Reason: "fraudulent"
                        )
                    ),
                ]
            ),
            (PaymentMethod.Card, "tok_next_action") => (
                charge with
                {
                    Outcome = null,
                    More = SandboxMore.None with { AwaitsStep = true },
                },
                []
            ),
            _ => PaymentsErrors.UnknownToken,
        };

        (SandboxCharge, IReadOnlyList<SandboxWebhook>) Later(DateTimeOffset at) =>
            (charge with { SettlesAt = at }, [confirmed with { DueAt = at }]);
    }
}
