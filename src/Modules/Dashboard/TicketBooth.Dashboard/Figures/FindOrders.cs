using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Finds orders by number, buyer, event, status, day, or the trouble with their payments.</summary>
internal static class FindOrders
{
    internal sealed record Query(OrderFilter.Wanted Filter, string? Cursor = null, int Limit = Cursor.DefaultLimit)
        : IRequest<Result<Page<OrderLineView>>>;

    /// <summary>An order in a list.</summary>
    /// <param name="Buyer">Null when the account is gone.</param>
    /// <param name="Total">Cents of <paramref name="Currency"/>.</param>
    /// <param name="Currency">ISO 4217; empty while the event is not in the read model.</param>
    internal sealed record OrderLineView(
        Guid Id,
        Guid EventId,
        string Event,
        BuyerView? Buyer,
        OrderStatus Status,
        int Tickets,
        long Total,
        string Currency,
        DateTimeOffset PlacedAt,
        DateTimeOffset? PaidAt,
        DateTimeOffset? EndedAt
    )
    {
        /// <summary>By which people call the order.</summary>
        public string Number => SpokenId.Of(Id);

        /// <summary>Of several disputes the one that matters most: open, or else lost; null when there is none.</summary>
        public OrderDisputeState? Dispute { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/dashboard/orders",
                async (
                    IMediator mediator,
                    CancellationToken ct,
                    string? search = null,
                    string? status = null,
                    Guid? eventId = null,
                    string? attention = null,
                    DateOnly? from = null,
                    DateOnly? to = null,
                    string? cursor = null,
                    int limit = Cursor.DefaultLimit
                ) =>
                    (
                        await mediator.Send(
                            new Query(new OrderFilter.Wanted(search, status, eventId, attention, from, to), cursor, limit),
                            ct
                        )
                    ).ToHttp(orders => TypedResults.Ok(orders))
            )
            .RequireStaff()
            .WithName("FindOrders")
            .WithTags("Dashboard")
            .WithSummary("Find orders")
            .WithDescription(
                """
                Newest first. `search` is an order's number or id, the beginning of its buyer's name or e-mail address (of the first 200
                such buyers), or a part of its event's name; `from` and `to` are the first and the last day on which it was placed, in the
                time zone of the settings; `status` (`on_payment`, `paid`, `expired`, `canceled` or `refunded`) and `eventId` narrow the
                list, and so does `attention`: `stuck_payment` for orders with a payment that the gateway has not answered for too long,
                `refund_due` for those whose captured money must be refunded and is not yet, `disputed` for those whose buyer's bank
                disputes money and has not decided. `dispute` is `opened`, `won` or `lost`, or null when there is none. Send `nextCursor` as
                `cursor` for the next page; `limit` is 1 to 200, by default 50. Follows sales within a second.
                """
            )
            .WithExamples(
                response: """
                {
                  "items": [{
                    "id": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "eventId": "0199e2f0-0d3b-7001-a2b3-c4d5e6f70000", "event": "Jazz Night",
                    "buyer": { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com" },
                    "status": "paid", "tickets": 2, "total": 24000, "currency": "BRL",
                    "placedAt": "2026-11-23T19:58:11Z", "paidAt": "2026-11-23T19:58:40Z", "endedAt": null, "number": "0Q1WN-R9TR4",
                    "dispute": null
                  }],
                  "nextCursor": null
                }
                """
            )
            .Produces<Page<OrderLineView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(query => query.Filter).SetValidator(new OrderFilter.Rules()).OverridePropertyName("");
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(query => query.Cursor)
                .Must(cursor => string.IsNullOrEmpty(cursor) || Cursor.TryParseTime(cursor, out _, out _))
                .WithMessage("Not a cursor of this list.");
        }
    }

    internal sealed class Handler(DashboardDbContext db, IMediator mediator, OrderFilter filter)
        : IRequestHandler<Query, Result<Page<OrderLineView>>>
    {
        public async Task<Result<Page<OrderLineView>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var orders = await filter.NarrowAsync(request.Filter, cancellationToken);
            if (Cursor.TryParseTime(request.Cursor, out var at, out var id))
            {
                orders = orders.Where(order => order.PlacedAt < at || (order.PlacedAt == at && order.Id.CompareTo(id) < 0));
            }

            var rows = await orders
                .OrderByDescending(order => order.PlacedAt)
                .ThenByDescending(order => order.Id)
                .Take(request.Limit + 1)
                .ToListAsync(cancellationToken);
            var eventIds = rows.Select(order => order.EventId).Distinct().ToList();
            var events = await db
                .Events.Where(shown => eventIds.Contains(shown.Id))
                .ToDictionaryAsync(shown => shown.Id, cancellationToken);
            var buyers = await mediator.BuyersAsync(rows.Select(order => order.BuyerId), cancellationToken);
            return Page<OrderLineView>.Of(
                [
                    .. rows.Select(order => new OrderLineView(
                        order.Id,
                        order.EventId,
                        events.GetValueOrDefault(order.EventId)?.Name ?? "",
                        buyers.GetValueOrDefault(order.BuyerId),
                        order.Status,
                        order.Tickets.Count,
                        order.Total,
                        events.GetValueOrDefault(order.EventId)?.Currency ?? "",
                        order.PlacedAt,
                        order.PaidAt,
                        order.EndedAt
                    )
                    {
                        Dispute = order.Disputes.Worst(),
                    }),
                ],
                request.Limit,
                last => new Cursor(last.PlacedAt.UtcTicks, last.Id).ToString()
            );
        }
    }
}
