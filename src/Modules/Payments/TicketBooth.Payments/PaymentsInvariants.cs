using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Cases;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Storage;
using static TicketBooth.Payments.Facts.ListPaymentFacts;

namespace TicketBooth.Payments;

/// <summary>
/// I5: captured money either pays its order or goes back, never neither, never both. I6: it is the amount that the order quoted.
/// </summary>
internal sealed class PaymentsInvariants(IMediator mediator, IPaymentStore store, IMoneyStore money, TimeProvider clock) : IInvariantCheck
{
    private const int PageSize = 1_000;

    // While a host is serving, Booking may still be applying a message that has left our outbox.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<PaymentStatus, long>();
        var (refundsDue, partly, attention) = (0L, 0L, 0L);
        var suspects = new List<Guid>();
        var after = Guid.Empty;
        var audit = new MoneyAudit(store, money);
        await audit.BeginAsync();
        while (true)
        {
            var stored = await store.ListAsync(after, PageSize);
            audit.Check(stored, report);
            List<PaymentFacts> page = [.. stored.Select(one => one.ToFacts())];
            foreach (var payment in page)
            {
                counts[payment.Status] = counts.GetValueOrDefault(payment.Status) + 1;
                refundsDue += payment is { RefundDue: true, Status: not PaymentStatus.Refunded } ? 1 : 0;
                partly += payment is { Returned: > 0, Status: PaymentStatus.Paid } ? 1 : 0;
                attention += payment.NeedsAttention ? 1 : 0;
            }

            suspects.AddRange((await CompareAsync(page, cancellationToken)).Select(difference => difference.PaymentId));
            await report.StepAsync(cancellationToken);
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
        report.Count("I5", "payments refunded in part", partly);
        report.Count("I5", "payments that need attention", attention);
        await audit.EndAsync(report);
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
            .Where(payment => !payment.HasPendingMessages && (payment.Status == PaymentStatus.Paid || payment.RefundDue || IsOdd(payment)))
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

        foreach (var difference in MoneyOf(payment))
        {
            yield return difference;
        }

        foreach (var difference in OrderMarksOf(payment, order))
        {
            yield return difference;
        }

        var pays = order is { Status: OrderStatus.Paid } && order.PaymentId == payment.PaymentId;

        var keepsRest = order is { Status: OrderStatus.Refunded } && order.PaymentId == payment.PaymentId && IsReturned(payment, order);
        if (payment.RefundDue)
        {
            // All of it may have gone back while the buyer keeps the tickets: then the order says so.
            if (pays && order!.Returned < order.Total)
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

    /// <summary>
    /// An order that has ended may keep a part of its money: what its refunds give back must be what goes back here. One that was refused
    /// is tried again without a word to the order.
    /// </summary>
    private static bool IsReturned(PaymentFacts payment, OrderFacts order)
    {
        var least = order.Refunds.Where(refund => refund.Status != OrderRefundStatus.Failed).Sum(refund => refund.Amount);
        var goesBack = payment.Returned + payment.Returning;
        return order.Refunds.Count > 0 && goesBack >= least && goesBack <= order.Returned;
    }

    /// <summary>Whether the money of one payment adds up, whatever its order says.</summary>
    private static IEnumerable<Difference> MoneyOf(PaymentFacts payment)
    {
        if (payment.Returned + payment.Returning > payment.Captured)
        {
            yield return new(
                payment.PaymentId,
                "I5",
                $"Of payment {payment.PaymentId} more goes back than was captured: "
                    + $"{new Money(payment.Returned + payment.Returning, payment.Currency)}."
            );
        }

        if (payment.HasFailedRefund && !payment.NeedsAttention)
        {
            yield return new(payment.PaymentId, "I5", $"A refund of payment {payment.PaymentId} was refused, and nobody is told.");
        }
    }

    /// <summary>What the order must know of its payment, beside the money: disputes, and refunds that were refused.</summary>
    private static IEnumerable<Difference> OrderMarksOf(PaymentFacts payment, OrderFacts? order)
    {
        foreach (var dispute in payment.Disputes)
        {
            var known = order?.Disputes.FirstOrDefault(one => one.Id == dispute.Id);
            if (known?.State.ToString() != dispute.State.ToString())
            {
                yield return new(
                    payment.PaymentId,
                    "I5",
                    $"Dispute {dispute.Id} of payment {payment.PaymentId} is {dispute.State}, and order {payment.OrderId} says "
                        + $"{known?.State.ToString() ?? "nothing"}."
                );
            }
        }

        var fails = order is not null && order.PaymentId == payment.PaymentId && order.Refunds.Any(IsFailedOurs);
        if (fails && payment is { HasFailedRefund: false, Returning: 0 } && payment.Returned < order!.Returned)
        {
            yield return new(
                payment.PaymentId,
                "I5",
                $"Order {payment.OrderId} has a refused refund, and payment {payment.PaymentId} neither has it nor pays it back."
            );
        }
    }

    private static bool IsFailedOurs(OrderRefundFacts refund) => refund is { Status: OrderRefundStatus.Failed, ByGateway: false };

    private static bool IsOdd(PaymentFacts payment) =>
        payment.Disputes.Count > 0 || payment.Returned + payment.Returning > payment.Captured || payment.HasFailedRefund;

    private static string NameOf(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.AwaitingConfirmation => "awaiting confirmation",
            PaymentStatus.Paid => "paid",
            PaymentStatus.Declined => "declined",
            PaymentStatus.Refunded => "refunded",
            PaymentStatus.RefundFailed => "with a refused refund",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
        };

    internal sealed record Difference(Guid PaymentId, string Promise, string Text);
}
