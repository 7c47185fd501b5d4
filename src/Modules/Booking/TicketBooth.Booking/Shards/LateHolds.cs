using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// I7, on a host that serves: a hold that is over gives its tickets back. <see cref="ReleaseHoldsWorker"/> sees to that within a second, as
/// far as its index finds the order; this looks at the orders themselves.
/// </summary>
internal sealed class LateHolds(Shard shard, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task CheckAsync(IReadOnlyList<Order> page, InvariantReport report, CancellationToken cancellationToken)
    {
        foreach (var id in page.Where(IsLate).Select(order => order.Id))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await FindLateAsync(id) is { } late)
            {
                report.Violation(
                    "I7",
                    FormattableString.Invariant($"order {id} still holds its tickets, and its hold was over at {late.ExpiresAt:O}"),
                    ending => ReleaseAsync(id, ending)
                );
            }
        }
    }

    private async Task<bool> ReleaseAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await shard.ExpireAsync(orderId, settledPaymentId: null, cancellationToken);
        return await FindLateAsync(orderId) is null;
    }

    /// <summary>Read again: the page is as old as its reader's rest.</summary>
    private async Task<Order?> FindLateAsync(Guid orderId) => await shard.FindAsync(orderId) is { } order && IsLate(order) ? order : null;

    /// <summary>With a payment under way the gateway decides, however long that takes.</summary>
    private bool IsLate(Order order) =>
        order.Status == OrderStatus.OnPayment
        && order.PaymentStatus != OrderPaymentStatus.AwaitingConfirmation
        && order.ExpiresAt < clock.GetUtcNow() - Patience;
}
