using MediatR;
using Microsoft.Extensions.Hosting;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Lanes;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Orders;

/// <summary>
/// Lets holds go that are over, within a second. A hold with a payment under way goes only after the gateway was asked: captured money
/// wins over the clock.
/// </summary>
internal sealed partial class HoldSweeper(
    LaneRegistry lanes,
    IBookingDirectory directory,
    ILeases leases,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<HoldSweeper> logger
) : BackgroundService
{
    private const int PageSize = 500;
    private const int AskedSideBySide = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GatewayPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromHours(1);

    private long askGatewayFrom;

    /// <summary>Side by side, so that a slow gateway delays no hold that does not wait for it.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            RepeatAsync(Interval, ct => SweepAsync("release holds", ReleaseAsync, ct), stoppingToken),
            RepeatAsync(Interval, ct => SweepAsync("settle holds", SettleAsync, ct), stoppingToken),
            RepeatAsync(
                HousekeepingInterval,
                _ => directory.ForgetKeysAsync(clock.GetUtcNow() - IdempotentRequests.Remembered),
                stoppingToken
            )
        );

    /// <summary>One host sweeps for all; when it dies, another carries on within seconds.</summary>
    private async Task SweepAsync(string work, Func<Shard, CancellationToken, Task> sweepAsync, CancellationToken cancellationToken)
    {
        // Also what other hosts have opened: its orders are looked for here, too.
        await lanes.OpenAllAsync();
        if (await leases.TryHoldAsync(work, LeaseTime, cancellationToken))
        {
            await Task.WhenAll(lanes.All.Select(shard => sweepAsync(shard, cancellationToken)));
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> sweepAsync, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        do
        {
            try
            {
                await sweepAsync(stoppingToken);
            }
#pragma warning disable CA1031 // the next sweep is the retry; a sweeper that died would hold tickets for ever
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogSweepFailed(logger, failure);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReleaseAsync(Shard shard, CancellationToken cancellationToken)
    {
        IReadOnlyList<Order> overdue;
        do
        {
            overdue = await shard.Store.DueAsync(clock.GetUtcNow(), paymentUnderWay: false, PageSize);
            await Task.WhenAll(overdue.Select(order => ExpireAsync(shard, order, settledPaymentId: null, cancellationToken)));
        } while (overdue.Count == PageSize);
    }

    private async Task SettleAsync(Shard shard, CancellationToken cancellationToken)
    {
        var underWay = await shard.Store.DueAsync(clock.GetUtcNow(), paymentUnderWay: true, PageSize);
        await Parallel.ForEachAsync(
            underWay,
            new ParallelOptions { MaxDegreeOfParallelism = AskedSideBySide, CancellationToken = cancellationToken },
            async (order, ct) => await SettleAsync(shard, order, ct)
        );
    }

    private async Task SettleAsync(Shard shard, Order order, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref askGatewayFrom))
        {
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var standing = await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new SettlePayment(order.PaymentId!.Value), cancellationToken);
            if (standing.Error is { } error)
            {
                Volatile.Write(ref askGatewayFrom, (clock.GetUtcNow() + GatewayPause).UtcTicks);
                LogGatewaySilent(logger, order.Id, error.Code);
            }
            else if (standing.Value != PaymentStanding.Confirmed)
            {
                await ExpireAsync(shard, order, order.PaymentId, cancellationToken);
            }
        }
#pragma warning disable CA1031 // one payment that cannot be asked about must not keep the holds of all others; it is asked about again at the next sweep
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogSettlingFailed(logger, failure, order.Id);
        }
    }

    private static Task ExpireAsync(Shard shard, Order order, Guid? settledPaymentId, CancellationToken cancellationToken) =>
        shard.Lane.RunAsync(
            new ChangeItem(order.Id, inbox: null, (current, now) => OrderRules.Expire(current, settledPaymentId, now)),
            cancellationToken
        );

    [LoggerMessage(Level = LogLevel.Error, Message = "A sweep for expired holds failed; the next one follows")]
    private static partial void LogSweepFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Asking about the payment of order {OrderId} failed; the next sweep asks again")]
    private static partial void LogSettlingFailed(ILogger logger, Exception failure, Guid orderId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The hold of order {OrderId} is over, but its payment cannot be asked about: {Code}"
    )]
    private static partial void LogGatewaySilent(ILogger logger, Guid orderId, string code);
}
