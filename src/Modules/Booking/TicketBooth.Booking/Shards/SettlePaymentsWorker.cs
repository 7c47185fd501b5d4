using MediatR;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Queries the gateway about payments that are under way when their hold is over, and releases the hold if nothing was captured: captured
/// money wins over the clock. A worker apart from <see cref="ReleaseHoldsWorker"/>: a slow gateway must delay no hold that does not depend
/// on it.
/// </summary>
internal sealed partial class SettlePaymentsWorker(
    ShardRegistry shards,
    IServiceScopeFactory scopes,
    ILogger<SettlePaymentsWorker> logger,
    WorkServices services
)
    : PeriodicWork(
        new WorkSchedule(TimeSpan.FromSeconds(1))
        {
            StartsAtOnce = true,
            Timeout = TimeSpan.FromMinutes(10),
            Lease = "settle holds",
            LeaseTime = TimeSpan.FromSeconds(4),
        },
        services
    )
{
    private const int PageSize = 500;
    private const int QueriesAtATime = 16;
    private static readonly TimeSpan GatewayPause = TimeSpan.FromSeconds(5);

    private long queryGatewayFrom;

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(shards.All, SettleAsync, cancellationToken, sideBySide: int.MaxValue);

    private async Task SettleAsync(Shard shard, CancellationToken cancellationToken)
    {
        var underWay = await shard.Store.DueAsync(Clock.GetUtcNow(), paymentUnderWay: true, PageSize);
        await EachAsync(underWay.Select(order => new Due(shard, order)), SettleAsync, cancellationToken, QueriesAtATime);
    }

    private async Task SettleAsync(Due due, CancellationToken cancellationToken)
    {
        if (Clock.GetUtcNow().UtcTicks < Volatile.Read(ref queryGatewayFrom))
        {
            return;
        }

        var (shard, order) = due;
        await using var scope = scopes.CreateAsyncScope();
        var standing = await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new SettlePayment(order.PaymentId!.Value), cancellationToken);
        if (standing.Error is { } error)
        {
            Volatile.Write(ref queryGatewayFrom, (Clock.GetUtcNow() + GatewayPause).UtcTicks);
            LogGatewaySilent(logger, order.Id, error.Code);
        }
        else if (standing.Value != PaymentStanding.Confirmed)
        {
            await shard.ExpireAsync(order.Id, order.PaymentId, cancellationToken);
        }
    }

    [LoggerMessage(
        EventId = 4001,
        Level = LogLevel.Warning,
        Message = "The hold of order {OrderId} is over, but its payment's status is not known: the gateway answered {Code}; the hold stays"
    )]
    private static partial void LogGatewaySilent(ILogger logger, Guid orderId, string code);

    /// <summary>What is logged when it fails names the order and nothing else of it.</summary>
    private sealed record Due(Shard Shard, Order Order)
    {
        public override string ToString() => $"order {Order.Id}";
    }
}
