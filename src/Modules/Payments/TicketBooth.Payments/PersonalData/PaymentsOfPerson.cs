using System.Runtime.CompilerServices;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.PersonalData;

/// <summary>
/// The payments of a person's orders, those of the newest order first. Nothing about a card or a bank account: only the gateway has that.
/// </summary>
internal sealed class PaymentsOfPerson(IPaymentStore store, IMediator mediator) : IPersonalData
{
    public string Section => "payments";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid? before = null;
        while ((await mediator.Send(new ListOrdersOfBuyer(person.AccountId, before), cancellationToken)).Value is { Count: > 0 } orders)
        {
            foreach (var payment in await store.OfOrdersAsync(orders))
            {
                yield return Item.Of(payment);
            }

            before = orders[^1].OrderId;
        }
    }

    /// <param name="Amount">Cents.</param>
    /// <param name="ReferenceAtGateway">The gateway's id of it; null while it has given none.</param>
    internal sealed record Item(
        Guid Id,
        Guid OrderId,
        PaymentMethod Method,
        PaymentStatus Status,
        long Amount,
        string Currency,
        string Gateway,
        string? ReferenceAtGateway,
        DateTimeOffset StartedAt,
        DateTimeOffset ChangedAt,
        DateTimeOffset? CapturedAt,
        DateTimeOffset? DeclinedAt,
        string? DeclineReason,
        string? RefundReason
    )
    {
        public static Item Of(Payment payment) =>
            new(
                payment.Id,
                payment.OrderId,
                payment.Method,
                payment.Status,
                payment.Amount,
                payment.Currency,
                payment.Gateway,
                payment.ExternalId,
                payment.CreatedAt,
                payment.ChangedAt,
                payment.CapturedAt,
                payment.DeclinedAt,
                payment.DeclineReason,
                payment.RefundReason
            );
    }
}
