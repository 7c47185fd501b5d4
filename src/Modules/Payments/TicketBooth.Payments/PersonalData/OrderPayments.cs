using TicketBooth.Booking.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.PersonalData;

internal static class OrderPayments
{
    /// <summary>All payments of some orders: the last one, which the order names, and those that were declined before it.</summary>
    /// <returns>In the order of the orders, and the oldest of an order first.</returns>
    public static async Task<IReadOnlyList<Payment>> OfOrdersAsync(this IPaymentStore store, IReadOnlyList<OrderFacts> orders)
    {
        var declined = await store.ListDeclinedOfAsync([.. orders.Select(order => order.OrderId)]);
        var last = await store.FindAsync([.. orders.Select(order => order.PaymentId).OfType<Guid>()]);
        var byOrder = declined
            .Concat(last.Select(stored => stored.Payment))
            .DistinctBy(payment => payment.Id)
            .ToLookup(payment => payment.OrderId);
        return [.. orders.SelectMany(order => byOrder[order.OrderId].OrderBy(payment => payment.Id))];
    }
}
