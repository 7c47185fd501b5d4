using FluentValidation;
using MediatR;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.SellAtCounter;

namespace TicketBooth.Booking.Counter;

/// <summary>Sells tickets at the counter, through the same lane as all other orders.</summary>
internal static partial class SellAtCounter
{
    /// <param name="EventId">The event.</param>
    /// <param name="Method">How it is paid. `complimentary` gives the tickets away, within the event's allowance.</param>
    /// <param name="TierId">Without `ticketIds`: of this tier only.</param>
    /// <param name="TicketIds">Exactly these tickets of the event.</param>
    /// <param name="Quantity">Without `ticketIds`: how many.</param>
    /// <param name="Reference">Of the card terminal; needed for `card_terminal`.</param>
    /// <param name="AmountTendered">In cents, for `cash`: the answer tells the change.</param>
    /// <param name="BuyerName">For the ticket.</param>
    /// <param name="Email">Where the tickets are sent.</param>
    /// <param name="Language">Of what is sent: `pt-BR` or `en`.</param>
    /// <param name="Reason">Why the tickets are given away; needed for `complimentary`.</param>
    /// <param name="ExpectedTotal">The total that the buyer was told, in cents; the sale is refused when it has changed.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(
        Guid EventId,
        CounterMethod Method,
        Guid? TierId = null,
        IReadOnlyList<Guid>? TicketIds = null,
        int? Quantity = null,
        string? Reference = null,
        long? AmountTendered = null,
        string? BuyerName = null,
        string? Email = null,
        string? Language = null,
        string? Reason = null,
        long? ExpectedTotal = null
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/counter-sales", async (Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
                (
                    await mediator.Send(
                        new Command(
                            body.EventId,
                            body.TierId,
                            body.TicketIds,
                            body.Quantity,
                            body.Method,
                            body.Reference,
                            body.AmountTendered,
                            body.BuyerName,
                            body.Email,
                            body.Language,
                            body.Reason,
                            body.ExpectedTotal,
                            http.User.ToActor(),
                            http.OperationId()
                        ),
                        ct
                    )
                ).ToHttp(order => TypedResults.Created($"/api/v1/orders/{order.Id}", order))
            )
            .RequireStaff()
            .WithName("SellAtCounter")
            .WithTags("Counter")
            .WithSummary("Sell at the counter")
            .WithDescription(
                """
                Sells all the tickets, or none, and the order is `paid` at once: no hold, no gateway. The tickets come from the same house
                as those of buyers online, and in the same way: 409 `ticket-taken` or `not-enough-tickets` when somebody was faster.
                Limits per buyer do not apply.
                Cash and card money goes into your open shift (409 `no-open-shift`; 422 `shift-currency` when that is of another currency).
                For cash with `amountTendered`, `counter.change` is what the buyer gets back (422 `tendered-too-little` with the `total`).
                Complimentary tickets cost nothing and need no shift; 409 `complimentary-allowance` tells how many are `left`.
                With an `Idempotency-Key` a repeated request sells once.
                """
            )
            .WithExamples(
                request: """
                {
                  "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "quantity": 1, "method": "cash", "amountTendered": 50000,
                  "buyerName": "Bia"
                }
                """,
                response: CounterExamples.Sold
            )
            .Produces<OrderView>(StatusCodes.Status201Created)
            .ReturnsHeader(StatusCodes.Status201Created, "Location", "The order.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found", "ticket-not-found", "tier-not-found")
            .ProducesErrors(
                StatusCodes.Status409Conflict,
                "complimentary-allowance",
                "no-open-shift",
                "not-enough-tickets",
                "price-changed",
                "ticket-taken"
            )
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "event-canceled",
                "sale-closed",
                "sale-not-open",
                "shift-currency",
                "tendered-too-little",
                "tickets-of-different-events",
                "validation-failed"
            )
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed partial class Handler(
        OnSaleCatalog catalog,
        ShardRegistry shards,
        IShiftStore store,
        ShiftBook book,
        IOptions<BookingOptions> options,
        TimeProvider clock,
        ILogger<Handler> logger
    ) : IRequestHandler<Command, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await catalog.FindAsync(request.EventId, cancellationToken);
            if (found.Error is { } unknown)
            {
                return unknown;
            }

            var (sale, now) = (found.Value, clock.GetUtcNow());
            var shard = await shards.OfAsync(sale.Shard);
            var orderId = request.OperationId is { } operation ? TaggedId.Of(operation, sale.Shard) : TaggedId.New(now, sale.Shard);
            if (request.OperationId is not null && await shard.FindAsync(orderId) is { } sold)
            {
                return sold.ToView();
            }

            if (sale.WhyNot(request.TicketIds, request.TierId, now) is { } refusal)
            {
                return refusal;
            }

            int? allowance = request.Method == CounterMethod.Complimentary ? await store.AllowanceAsync(sale.Id) : null;
            if (allowance == 0)
            {
                return BookingErrors.AllowanceUsed(0);
            }

            // What is given away needs no drawer; in a shift it is listed.
            var shift = await book.AnnounceAsync(request.By, sale.Currency, orderId, orderId);
            return shift.Error is { } closed && allowance is null
                ? closed
                : await SellAsync(shard, request, orderId, shift.IsSuccess ? shift.Value : null, allowance, now);
        }

        private async Task<Result<OrderView>> SellAsync(
            Shard shard,
            Command request,
            Guid orderId,
            Guid? shiftId,
            int? allowance,
            DateTimeOffset now
        )
        {
            var counter = new CounterSale(request.Method, request.By, now + options.Value.CounterVoid)
            {
                Reference = Text(request.Reference),
                Tendered = request.AmountTendered,
                BuyerName = Text(request.BuyerName),
                Email = Text(request.Email),
                Language = request.Language,
                Reason = Text(request.Reason),
                Allowance = allowance,
            };
            var numbers = request.TicketIds?.Select(EventOnSale.NumberOf).ToArray();
            var sold = await shard.Lane.TryAsync(
                new PlaceItem(
                    orderId,
                    request.EventId,
                    allowance is null ? orderId : CounterSale.Guests,
                    numbers,
                    request.TierId,
                    numbers?.Length ?? request.Quantity!.Value,
                    request.ExpectedTotal
                )
                {
                    Counter = new CounterTerms(counter, shiftId, now + ShiftRules.LongestWrite),
                }
            );
            if (sold.Error is { } lost)
            {
                if (shiftId is { } announced)
                {
                    await book.WithdrawAsync(announced, orderId);
                }

                return lost;
            }

            LogSold(logger, orderId, sold.Value.Tickets.Count, request.EventId, request.Method, request.By.Id);
            return sold.Value.ToView();
        }

        private static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

        [LoggerMessage(
            EventId = 4005,
            Level = LogLevel.Information,
            Message = "Order {OrderId}: {Tickets} tickets of event {EventId} were sold at the counter ({Method}) by {UserId}"
        )]
        private static partial void LogSold(ILogger logger, Guid orderId, int tickets, Guid eventId, CounterMethod method, Guid userId);
    }
}
