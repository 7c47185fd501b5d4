using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stripe;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>
/// Cards by Stripe: payment intents that the server makes and confirms at once, from a payment method that Stripe's browser library made.
/// </summary>
internal sealed partial class StripeGateway(
    StripeApi api,
    StripeIntents intents,
    StripeRefunds refunds,
    IOptions<StripeOptions> options,
    IHostEnvironment environment,
    ILogger<StripeGateway> logger
) : IPaymentGateway
{
    public const string GatewayName = "Stripe";

    // The second is used only after Stripe failed and keeps its failure for the first.
    private const int MostKeys = 3;

    public string Name => GatewayName;

    public GatewayAbilities Abilities { get; } =
        new([Contracts.PaymentMethod.Card])
        {
            Currencies = options.Value.AcceptedCurrencies,
            PartialRefunds = true,
            AsynchronousCapture = true,
            AsynchronousRefunds = true,
            CancelsAttempts = true,
            Disputes = true,
            ListsMovements = true,
        };

    public async Task<GatewayCheck> CheckAsync(CancellationToken cancellationToken)
    {
        if (environment.IsProduction() && !options.Value.IsLive)
        {
            LogTestKey(logger);
        }

        // Restricted keys may read the balance; the account itself they may not.
        var reply = await api.ReadAsync(services => services.Balance.GetAsync(cancellationToken: cancellationToken), cancellationToken);
        return reply.Trouble switch
        {
            null => new GatewayCheck.Right(),
            StripeTrouble.NotAllowed => new GatewayCheck.Wrong(
                $"{StripeSettings.Section}:SecretKey: Stripe refuses the key: {reply.Error?.Message}"
            ),
            StripeTrouble.Refused => new GatewayCheck.Wrong(
                $"{StripeSettings.Section}: Stripe refuses to be asked: {reply.Error?.Message}"
            ),
            _ => new GatewayCheck.Unreachable(
                $"{StripeSettings.Section}: Stripe did not answer at {options.Value.ApiBase ?? new Uri("https://api.stripe.com")}."
            ),
        };
    }

    public async Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken)
    {
        if (charge.Token is not { } token || !PaymentMethodId().IsMatch(token))
        {
            return new ChargeAnswer.Refused(PaymentsErrors.UnknownToken);
        }

        if (StripeAmounts.ToStripe(charge.Amount, charge.Currency) is not { } amount)
        {
            return new ChargeAnswer.Refused(PaymentsErrors.AmountNotPayable);
        }

        for (var turn = 1; ; turn++)
        {
            var reply = await api.WriteAsync(
                $"payment-{charge.PaymentId:N}-{turn}",
                (services, request) => services.PaymentIntents.CreateAsync(IntentOf(charge, token, amount), request, cancellationToken),
                cancellationToken
            );
            if (reply.Value is { } made)
            {
                return AnswerOf(made);
            }

            if (reply.WasNotDone)
            {
                return new ChargeAnswer.NotTaken();
            }

            var isUnclear = reply.Trouble is StripeTrouble.Broken or StripeTrouble.Lost || reply.Error?.Type == "idempotency_error";
            if (!isUnclear)
            {
                return RefusalOf(charge, reply.Error);
            }

            var reference = new PaymentReference(charge.PaymentId, ExternalId: null, charge.CreatedAt);
            var found = await intents.FindAsync(reference, cancellationToken);
            if (found.Value?.Intent is { } intent)
            {
                return AnswerOf(intent);
            }

            // Stripe keeps a failure of its own for the key. Once that is all that the key is answered with, and nothing is there, the
            // first request has ended without effect, and only a new key can charge.
            if (found.Value is null || !reply.Replayed || reply.Trouble != StripeTrouble.Broken || turn == MostKeys)
            {
                LogUncertain(logger, charge.PaymentId, reply.Trouble, reply.Error?.Code);
                return new ChargeAnswer.Uncertain();
            }
        }
    }

    public async Task<ChargeStanding> GetAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        var found = await intents.FindAsync(payment, cancellationToken);
        if (found.Value is not { } there)
        {
            return new ChargeStanding.Unreachable();
        }

        if (there.Intent is not { } intent)
        {
            return new ChargeStanding.NotKnown();
        }

        var capture = StripeMoneyMoved.CaptureOf(intent, intent.Created);
        var given = capture is null ? [] : (await intents.RefundsOfAsync(capture.Id, cancellationToken)).Value;
        var disputes = intent.LatestCharge?.Disputed == true ? (await intents.DisputesOfAsync(intent.Id, cancellationToken)).Value : [];
        return given is null || disputes is null
            ? new ChargeStanding.Unreachable()
            : new ChargeStanding.Known(
                StripeMoneyMoved.StateOf(intent),
                intent.Id,
                capture is null ? [] : [capture],
                [.. given.Select(StripeMoneyMoved.RefundOf)],
                NextAction: StripeMoneyMoved.ActionOf(intent),
                DeclineReason: intent.LastPaymentError is { } error ? StripeDeclines.ReasonOf(error) : null
            )
            {
                Disputes = [.. disputes.Select(dispute => StripeMoneyMoved.DisputeOf(dispute, dispute.Created))],
            };
    }

    public async Task<CancelAnswer> CancelAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        var found = await intents.FindAsync(payment, cancellationToken);
        if (found.Value is not { } there)
        {
            return CancelAnswer.Unreachable;
        }

        if (there.Intent is not { } intent)
        {
            return CancelAnswer.NotKnown;
        }

        if (EndOf(intent) is { } ended)
        {
            return ended;
        }

        // Without an idempotency key: a second cancelation changes nothing, and a kept answer would hide what has happened since.
        var reply = await api.ReadAsync(
            services =>
                services.PaymentIntents.CancelAsync(
                    intent.Id,
                    new PaymentIntentCancelOptions { CancellationReason = "abandoned" },
                    cancellationToken: cancellationToken
                ),
            cancellationToken
        );
        var after = reply.Value ?? (await intents.GetAsync(intent.Id, cancellationToken)).Value;
        return after is null ? CancelAnswer.Unreachable : EndOf(after) ?? CancelAnswer.Unreachable;
    }

    public Task<RefundAnswer> RefundAsync(RefundAsk refund, CancellationToken cancellationToken) =>
        refunds.RefundAsync(refund, cancellationToken);

    public async IAsyncEnumerable<GatewayMovement> ListAsync(
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lines = await intents.AllAsync(
            new BalanceTransactionListOptions
            {
                Created = new DateRangeOptions { GreaterThanOrEqual = WholeSecond(from), LessThan = WholeSecond(to) },
                Expand = ["data.source"],
            },
            (services, page) => services.BalanceTransactions.ListAsync(page, cancellationToken: cancellationToken),
            cancellationToken
        );
        foreach (var line in lines.Value ?? throw new GatewayUnreachableException(GatewayName))
        {
            if (StripeMoneyMoved.MovementOf(line) is { } movement)
            {
                yield return movement is { PaymentId: null, ExternalId: { } intentId }
                    ? movement with { PaymentId = await OwnerOfAsync(intentId, cancellationToken) }
                    : movement;
            }
        }
    }

    /// <summary>Our payment of an intent; null when it is none of ours.</summary>
    /// <exception cref="GatewayUnreachableException">Stripe could not be asked.</exception>
    public async Task<Guid?> OwnerOfAsync(string intentId, CancellationToken cancellationToken)
    {
        var reply = await intents.GetAsync(intentId, cancellationToken);
        return reply is { Value: null, IsMissing: false }
            ? throw new GatewayUnreachableException(GatewayName)
            : reply.Value is { } intent ? StripeMoneyMoved.PaymentOf(intent) : null;
    }

    // Stripe's times are whole seconds: those from the next one on are not before `time`.
    private static DateTime WholeSecond(DateTimeOffset time) =>
        new((time.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private static CancelAnswer? EndOf(PaymentIntent intent) =>
        StripeMoneyMoved.StateOf(intent) switch
        {
            ChargeState.Captured => CancelAnswer.AlreadyCaptured,
            ChargeState.Canceled => CancelAnswer.Canceled,
            _ => null,
        };
}
