using MediatR;
using Microsoft.Extensions.Hosting;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Lanes;
using TicketBooth.Booking.Storage;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Orders;

/// <summary>
/// Lets holds go that are over, within a second. A hold with a payment under way goes only after the gateway was asked: captured money
/// wins over the clock.
/// </summary>
internal sealed partial class HoldSweeper(
    LaneRegistry lanes, IBookingDirectory directory, IServiceScopeFactory scopes, TimeProvider clock, ILogger<HoldSweeper> logger)
    : BackgroundService
{
    private const int PageSize = 500;
    private const int AskedSideBySide = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GatewayPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromHours(1);

    private DateTimeOffset askGatewayFrom;
    private DateTimeOffset housekeepingAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
#pragma warning disable CA1031 // the next sweep is the retry; a sweeper that died would hold tickets for ever
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogSweepFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var shard in lanes.All)
        {
            var overdue = await shard.Store.DueAsync(now, paymentUnderWay: false, PageSize);
            await Task.WhenAll(overdue.Select(order => ExpireAsync(shard, order, settledPaymentId: null, cancellationToken)));
            if (now >= askGatewayFrom)
            {
                var underWay = await shard.Store.DueAsync(now, paymentUnderWay: true, PageSize);
                await Parallel.ForEachAsync(
                    underWay,
                    new ParallelOptions { MaxDegreeOfParallelism = AskedSideBySide, CancellationToken = cancellationToken },
                    async (order, ct) => await SettleAsync(shard, order, ct));
            }
        }

        if (now >= housekeepingAt)
        {
            await directory.ForgetKeysAsync(now - IdempotentRequests.Remembered);
            housekeepingAt = now + HousekeepingInterval;
        }
    }

    private async Task SettleAsync(Shard shard, Order order, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var standing = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new SettlePayment(order.PaymentId!.Value), cancellationToken);
        if (standing.Error is { } error)
        {
            askGatewayFrom = clock.GetUtcNow() + GatewayPause;
            LogGatewaySilent(logger, order.Id, error.Code);
        }
        else if (standing.Value != PaymentStanding.Confirmed)
        {
            await ExpireAsync(shard, order, order.PaymentId, cancellationToken);
        }
    }

    private static Task ExpireAsync(Shard shard, Order order, Guid? settledPaymentId, CancellationToken cancellationToken) =>
        shard.Lane.RunAsync(new ChangeItem(order.Id, inbox: null, (current, now) => OrderRules.Expire(current, settledPaymentId, now)), cancellationToken);

    [LoggerMessage(Level = LogLevel.Error, Message = "A sweep for expired holds failed; the next one follows")]
    private static partial void LogSweepFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hold of order {OrderId} is over, but its payment cannot be asked about: {Code}")]
    private static partial void LogGatewaySilent(ILogger logger, Guid orderId, string code);
}
