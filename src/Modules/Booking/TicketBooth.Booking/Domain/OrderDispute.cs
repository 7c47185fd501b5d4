using TicketBooth.Booking.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>A buyer's bank disputes money of an order.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="PaymentId">Whose money it is.</param>
/// <param name="Amount">Cents.</param>
/// <param name="At">When it became known.</param>
/// <param name="Revision">The order's after the last word about it.</param>
internal sealed record OrderDispute(string Id, Guid PaymentId, long Amount, OrderDisputeState State, DateTimeOffset At, int Revision)
{
    public OrderDisputeView ToView() => new(Id, PaymentId, Amount, State, At);
}
