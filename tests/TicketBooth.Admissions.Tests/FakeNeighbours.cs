using System.Collections.Concurrent;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Admissions.Tests;

/// <summary>Events, Booking and Accounts as Admissions asks them.</summary>
internal sealed class FakeNeighbours
    : IRequestHandler<GetEventFacts, Result<IReadOnlyList<EventFacts>>>,
        IRequestHandler<GetOrderFacts, Result<IReadOnlyList<OrderFacts>>>,
        IRequestHandler<ListOrderFacts, Result<IReadOnlyList<OrderFacts>>>,
        IRequestHandler<ListOrdersOfBuyer, Result<IReadOnlyList<OrderFacts>>>,
        IRequestHandler<FindUsers, Result<Page<UserView>>>,
        IRequestHandler<GetUsers, Result<IReadOnlyList<UserView>>>
{
    public ConcurrentDictionary<Guid, EventFacts> Events { get; } = new();

    public ConcurrentDictionary<Guid, OrderFacts> Orders { get; } = new();

    public ConcurrentDictionary<Guid, UserView> Users { get; } = new();

    public Task<Result<IReadOnlyList<EventFacts>>> Handle(GetEventFacts request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<IReadOnlyList<EventFacts>>.From([.. request.EventIds.Where(Events.ContainsKey).Select(id => Events[id])]));

    public Task<Result<IReadOnlyList<OrderFacts>>> Handle(GetOrderFacts request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<IReadOnlyList<OrderFacts>>.From([.. request.OrderIds.Where(Orders.ContainsKey).Select(id => Orders[id])]));

    public Task<Result<IReadOnlyList<OrderFacts>>> Handle(ListOrderFacts request, CancellationToken cancellationToken) =>
        Task.FromResult(
            Result<IReadOnlyList<OrderFacts>>.From([
                .. Orders.Values.OrderBy(order => order.OrderId).Where(order => request.After is not { } after || order.OrderId.CompareTo(after) > 0).Take(request.Limit),
            ]));

    public Task<Result<IReadOnlyList<OrderFacts>>> Handle(ListOrdersOfBuyer request, CancellationToken cancellationToken) =>
        Task.FromResult(
            Result<IReadOnlyList<OrderFacts>>.From([
                .. Orders.Values.Where(order => order.BuyerId == request.BuyerId).OrderByDescending(order => order.OrderId)
                    .Where(order => request.Before is not { } before || order.OrderId.CompareTo(before) < 0).Take(request.Limit),
            ]));

    public Task<Result<Page<UserView>>> Handle(FindUsers request, CancellationToken cancellationToken) =>
        Task.FromResult(
            Result<Page<UserView>>.From(
                new Page<UserView>([.. Users.Values.Where(user => user.Name.StartsWith(request.Search ?? "", StringComparison.OrdinalIgnoreCase))], null)));

    public Task<Result<IReadOnlyList<UserView>>> Handle(GetUsers request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<IReadOnlyList<UserView>>.From([.. request.UserIds.Where(Users.ContainsKey).Select(id => Users[id])]));
}
