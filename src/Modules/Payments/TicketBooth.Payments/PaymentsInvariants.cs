using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments;

/// <summary>
/// I5: captured money either pays its order or goes back, never neither, never both. I6: it is the amount that the order quoted.
/// </summary>
internal sealed class PaymentsInvariants(IMediator mediator, TimeProvider clock) : IInvariantCheck
{
    private const int PageSize = 1_000;

    // While a host is serving, Booking may still be applying a message that has left our outbox.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<PaymentStatus, long>();
        var refundsDue = 0L;
        var suspects = new List<Guid>();
        Guid? after = null;
        while (true)
        {
            var page = (await mediator.Send(new ListPaymentFacts(after, PageSize), cancellationToken)).Value;
            foreach (var payment in page)
            {
                counts[payment.Status] = counts.GetValueOrDefault(payment.Status) + 1;
                refundsDue += payment is { RefundDue: true, Status: not PaymentStatus.Refunded } ? 1 : 0;
            }

            suspects.AddRange((await CompareAsync(page, cancellationToken)).Select(difference => difference.PaymentId));
            if (page.Count < PageSize)
            {
                break;
            }

            after = page[^1].PaymentId;
        }

        foreach (var status in Enum.GetValues<PaymentStatus>())
        {
            report.Count("I5", $"payments {NameOf(status)}", counts.GetValueOrDefault(status));
        }

        report.Count("I5", "payments with a refund still due", refundsDue);
        foreach (var (_, promise, text) in await RecheckAsync(suspects, cancellationToken))
        {
            report.Violation(promise, text);
        }
    }

    /// <summary>The differences that remain after querying both modules again for a while.</summary>
    private async Task<IReadOnlyList<Difference>> RecheckAsync(List<Guid> suspects, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        while (suspects.Count > 0)
        {
            var differences = new List<Difference>();
            foreach (var some in suspects.Chunk(PageSize))
            {
                var payments = (await mediator.Send(new GetPaymentFacts(some), cancellationToken)).Value;
                differences.AddRange(await CompareAsync(payments, cancellationToken));
            }

            if (clock.GetElapsedTime(since) >= Patience)
            {
                return differences;
            }

            suspects = [.. differences.Select(difference => difference.PaymentId).Distinct()];
            await Task.Delay(Pause, clock, cancellationToken);
        }

        return [];
    }

    private async Task<IReadOnlyList<Difference>> CompareAsync(IReadOnlyList<PaymentFacts> payments, CancellationToken cancellationToken)
    {
        var settled = payments
            .Where(payment => !payment.HasPendingMessages && (payment.Status == PaymentStatus.Paid || payment.RefundDue))
            .ToList();
        if (settled.Count == 0)
        {
            return [];
        }

        var found = await mediator.Send(new GetOrderFacts([.. settled.Select(payment => payment.OrderId).Distinct()]), cancellationToken);
        var orders = found.Value.ToDictionary(order => order.OrderId);
        return [.. settled.SelectMany(payment => DifferencesOf(payment, orders.GetValueOrDefault(payment.OrderId)))];
    }

    internal static IEnumerable<Difference> DifferencesOf(PaymentFacts payment, OrderFacts? order)
    {
        if (payment.HasPendingMessages || order is { HasPendingMessages: true })
        {
            yield break;
        }

        var pays = order is { Status: OrderStatus.Paid } && order.PaymentId == payment.PaymentId;

        // An order that has ended may keep a part of its money: what its refunds give back must be what goes back here.
        var keepsRest =
            order is { Status: OrderStatus.Refunded, Refunds.Count: > 0 }
            && order.PaymentId == payment.PaymentId
            && payment.Returned + payment.Returning
                == order.Refunds.Where(refund => refund.Status != OrderRefundStatus.Failed).Sum(refund => refund.Amount);
        if (payment.RefundDue)
        {
            if (pays)
            {
                yield return new(
                    payment.PaymentId,
                    "I5",
                    $"Payment {payment.PaymentId} goes back, and order {payment.OrderId} is still paid with it."
                );
            }

            yield break;
        }

        if (payment.Status != PaymentStatus.Paid)
        {
            yield break;
        }

        if (!pays && !keepsRest)
        {
            yield return new(
                payment.PaymentId,
                "I5",
                $"Payment {payment.PaymentId} was captured, but neither pays order {payment.OrderId} nor goes back."
            );
        }
        else if (order!.Total != payment.Amount || order.Currency != payment.Currency)
        {
            yield return new(
                payment.PaymentId,
                "I6",
                $"Payment {payment.PaymentId} captured {new Money(payment.Amount, payment.Currency)}, "
                    + $"order {order.OrderId} quoted {new Money(order.Total, order.Currency)}."
            );
        }
    }

    private static string NameOf(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.AwaitingConfirmation => "awaiting confirmation",
            PaymentStatus.Paid => "paid",
            PaymentStatus.Declined => "declined",
            PaymentStatus.Refunded => "refunded",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
        };

    internal sealed record Difference(Guid PaymentId, string Promise, string Text);
}
