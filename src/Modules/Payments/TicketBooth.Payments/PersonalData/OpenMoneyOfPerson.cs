using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.PersonalData;

/// <summary>Nobody is erased whose money is on its way: staff could ask nobody when it does not arrive.</summary>
internal sealed class OpenMoneyOfPerson(IPaymentStore store, IMediator mediator) : IErasureObstacle
{
    public async Task<Error?> FindAsync(Person person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        Guid? before = null;
        while ((await mediator.Send(new ListOrdersOfBuyer(person.AccountId, before), cancellationToken)).Value is { Count: > 0 } orders)
        {
            foreach (var payment in await store.OfOrdersAsync(orders))
            {
                if (FindIn(payment) is { } obstacle)
                {
                    return obstacle with { Ids = new Dictionary<string, Guid>(StringComparer.Ordinal) { ["orderId"] = payment.OrderId } };
                }
            }

            before = orders[^1].OrderId;
        }

        return null;
    }

    private static Error? FindIn(Payment payment) =>
        payment.Money.Disputes.Any(dispute => dispute.State == DisputeState.Opened) ? PaymentsErrors.DisputeOpen
        : payment.AwaitsRefund || payment.Money.Refunds.Any(refund => refund.WaitsForStaff) ? PaymentsErrors.RefundOpen
        : null;
}
