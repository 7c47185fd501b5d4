using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>A buyer's orders, newest first. Fails with <c>validation-failed</c>.</summary>
/// <param name="Before">The last id of the page before; null for the first page.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record ListOrdersOfBuyer(Guid BuyerId, Guid? Before = null, int Limit = 200) : IRequest<Result<IReadOnlyList<OrderFacts>>>;
