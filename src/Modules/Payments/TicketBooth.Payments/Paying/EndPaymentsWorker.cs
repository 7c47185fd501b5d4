using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Paying;

/// <summary>
/// Ends the open payments of ended orders at their gateways, so that nobody pays for tickets that are not held any more: a code by Pix, or
/// a card's step that its buyer has not taken. One that cannot be ended is tried again, with growing pauses.
/// </summary>
/// <remarks>Money that a gateway has taken by then is recorded as when its hold ends: it pays the order or goes back.</remarks>
internal sealed partial class EndPaymentsWorker(
    IPaymentStore store,
    PaymentLedger ledger,
    PaymentGateways gateways,
    IServiceScopeFactory scopes,
    WorkServices services,
    ILogger<EndPaymentsWorker> logger
)
    : PeriodicWork(
        new WorkSchedule(Interval)
        {
            StartsAtOnce = true,
            Timeout = TimeSpan.FromMinutes(10),
            Lease = "end payments",
        },
        services
    )
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int PageSize = 500;
    private const int SideBySide = 8;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken) =>
        await EachAsync(
            (await store.ListGivenUpAsync(Clock.GetUtcNow(), PageSize)).Select(payment => new Due(payment)),
            (due, ct) => EndAsync(due.Payment, ct),
            cancellationToken,
            SideBySide
        );

    private async Task EndAsync(Payment payment, CancellationToken cancellationToken)
    {
        var reference = PaymentReference.Of(ledger.Complete(payment));
        var answer = gateways.Named(payment.Gateway) is { Abilities.CancelsAttempts: true } gateway
            ? await gateway.CancelAsync(reference, cancellationToken)
            : CancelAnswer.Unreachable;
        switch (answer)
        {
            case CancelAnswer.Canceled:
                await ledger.RecordAsync(payment.Id, new PaymentFact.Declined(PaymentsErrors.Canceled));
                break;
            // Its own request is not on the way to the gateway any more.
            case CancelAnswer.NotKnown when Clock.GetUtcNow() - payment.CreatedAt >= RunningAttempts.LongestAttempt:
                await ledger.RecordAsync(payment.Id, new PaymentFact.Declined(PaymentsErrors.Abandoned));
                break;
            case CancelAnswer.AlreadyCaptured when await IsSettledAsync(payment.Id, cancellationToken):
                break;
            default:
                LogNotEnded(logger, payment.Id, payment.Gateway, answer);
                await ledger.RecordAsync(payment.Id, new PaymentFact.NotEnded());
                break;
        }
    }

    private async Task<bool> IsSettledAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var standing = await mediator.Send(new Contracts.SettlePayment(paymentId), cancellationToken);
        return standing is { IsSuccess: true, Value: not PaymentStanding.Pending };
    }

    [LoggerMessage(
        EventId = 5060,
        Level = LogLevel.Information,
        Message = "Payment {PaymentId} of an ended order is still open at {Gateway} ({Answer}) and will be ended later"
    )]
    private static partial void LogNotEnded(ILogger logger, Guid paymentId, string gateway, CancelAnswer answer);

    /// <summary>What is logged when it fails names the payment and nothing else of it.</summary>
    private sealed record Due(Payment Payment)
    {
        public override string ToString() => $"payment {Payment.Id}";
    }
}
