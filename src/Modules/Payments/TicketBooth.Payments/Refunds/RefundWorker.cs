using Microsoft.Extensions.Hosting;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Refunds;

/// <summary>A payment to look at, because its money may have to go back.</summary>
internal readonly record struct DueRefund(Guid PaymentId);

/// <summary>Gives captured money back that no order is paid with, and does not rest before the gateway has confirmed it.</summary>
internal sealed partial class RefundWorker(
    IPaymentStore store,
    PaymentLedger ledger,
    IPaymentGateway gateway,
    RetryQueue<DueRefund> queue,
    TimeProvider clock,
    ILogger<RefundWorker> logger
) : BackgroundService
{
    private const int Parallelism = 8;
    private const int PageSize = 500;

    // What a crash or another host left over is found by looking, not by waking.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        queue.Start(Parallelism, RefundAsync);
        using var timer = new PeriodicTimer(LookEvery, clock);
        try
        {
            do
            {
                await LookAsync();
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what is due is stored.
        }
        finally
        {
            await queue.StopAsync();
        }
    }

    private async Task LookAsync()
    {
        try
        {
            var after = Guid.Empty;
            IReadOnlyList<Guid> page;
            do
            {
                page = await store.ListAwaitingRefundAsync(after, PageSize);
                foreach (var paymentId in page)
                {
                    queue.Add(new DueRefund(paymentId));
                    after = paymentId;
                }
            } while (page.Count == PageSize);
        }
#pragma warning disable CA1031 // a store that is away for a moment must not end the refunds, and with them the host
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogLookFailed(logger, failure);
        }
    }

    private async Task<bool> RefundAsync(DueRefund due, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(due.PaymentId) is not { AwaitsRefund: true })
        {
            return true;
        }

        switch (await gateway.RefundAsync(due.PaymentId, cancellationToken))
        {
            case RefundAnswer.Refunded:
                await ledger.RecordAsync(due.PaymentId, new PaymentFact.Refunded());
                return true;
            case RefundAnswer.Accepted:
                return true;
            case var answer:
                LogNotRefunded(logger, due.PaymentId, answer);
                return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Refunds that are due could not be looked for; will look again")]
    private static partial void LogLookFailed(ILogger logger, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The refund of payment {PaymentId} did not go through ({Answer}) and will be tried again"
    )]
    private static partial void LogNotRefunded(ILogger logger, Guid paymentId, RefundAnswer answer);
}
