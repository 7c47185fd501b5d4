using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.BlockTickets;

namespace TicketBooth.Booking.TicketBlocks;

/// <summary>Takes tickets off sale that nobody has.</summary>
internal static partial class BlockTickets
{
    /// <param name="Kind"><c>hold</c>: staff release them at any time. <c>kill</c>: withdrawn for good; this cannot be undone.</param>
    /// <param name="Reason">For staff, for example the row that is broken.</param>
    /// <param name="Numbers">These tickets: numbers and ranges of numbers, for example <c>1-20, 35</c>.</param>
    /// <param name="TierId">With <c>quantity</c>: unsold tickets of this tier, neighbours where there are any.</param>
    /// <param name="Quantity">With <c>tierId</c>: how many.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(TicketBlockKind Kind, string Reason, string? Numbers = null, Guid? TierId = null, int? Quantity = null);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/events/{id:guid}/ticket-blocks",
                async (Guid id, Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
                    (
                        await mediator.Send(
                            new Command(
                                id,
                                body.Kind,
                                body.Numbers,
                                body.TierId,
                                body.Quantity,
                                body.Reason,
                                http.User.ToActor(),
                                http.OperationId()
                            ),
                            ct
                        )
                    ).ToHttp(block => TypedResults.Created($"/api/v1/events/{id}/ticket-blocks/{block.Id}", block))
            )
            .RequireAdmin()
            .WithName("BlockTickets")
            .WithTags("Ticket blocks")
            .WithSummary("Take tickets off sale")
            .WithDescription(
                """
                All the tickets, or none. A `hold` keeps them for the house until it is released. A `kill` withdraws them for good: they are
                never sold, and their tier has fewer tickets from then on. Give either `numbers`, or `tierId` with `quantity`. 409
                `tickets-unavailable` with the `ids` of the tickets that are sold, on payment or off sale already; 409 `not-enough-tickets`
                with how many are `available`. No price rises because tickets are off sale.
                """
            )
            .WithExamples(
                request: """{ "kind": "hold", "numbers": "1-20, 35", "reason": "Row A is for the sponsor." }""",
                response: TicketBlockExamples.Held
            )
            .Produces<TicketBlockView>(StatusCodes.Status201Created)
            .ReturnsHeader(StatusCodes.Status201Created, "Location", "Where it is released with `DELETE`.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found", "ticket-not-found", "tier-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "not-enough-tickets", "tickets-unavailable")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "event-canceled", "validation-failed")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Kind).IsInEnum();
            RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).MustBeOneLine();
            RuleFor(command => command.By).SetValidator(new ActorRules());
            RuleFor(command => command.Numbers).AreTicketNumbers();
            RuleFor(command => command.Quantity).InclusiveBetween(1, WantedTickets.MostTickets);
            RuleFor(command => command)
                .Must(command => WantedTickets.IsClear(command.Numbers, command.TierId, command.Quantity))
                .OverridePropertyName("numbers")
                .WithMessage(WantedTickets.Unclear);
        }
    }

    internal sealed partial class Handler(OnSaleCatalog catalog, ShardRegistry shards, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Command, Result<TicketBlockView>>
    {
        public async Task<Result<TicketBlockView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await catalog.FindAsync(request.EventId, cancellationToken);
            if (found.Error is { } unknown)
            {
                return unknown;
            }

            var sale = found.Value;
            var wanted = WantedTickets.Read(sale, request.Numbers, request.TierId);
            if (wanted.Error is { } error)
            {
                return error;
            }

            var now = clock.GetUtcNow();
            var block = new TicketBlock
            {
                Id = request.OperationId is { } operation ? TaggedId.Of(operation, sale.Shard) : TaggedId.New(now, sale.Shard),
                EventId = sale.Id,
                Kind = request.Kind,
                Tickets = wanted.Value,
                Reason = request.Reason.Trim(),
                By = request.By,
                At = now,
            };
            var shard = await shards.OfAsync(sale.Shard);
            var written = await shard.Lane.TryAsync(new BlockTicketsItem(block, request.TierId, request.Quantity ?? 0));
            if (written.IsSuccess)
            {
                LogBlocked(logger, written.Value.Count, sale.Id, written.Value.Id, request.Kind, request.By.Id);
            }

            return written.Map(made => made.ToView());
        }

        [LoggerMessage(
            EventId = 4002,
            Level = LogLevel.Information,
            Message = "{Tickets} tickets of event {EventId} were taken off sale as block {BlockId} ({Kind}) by {UserId}"
        )]
        private static partial void LogBlocked(ILogger logger, int tickets, Guid eventId, Guid blockId, TicketBlockKind kind, Guid userId);
    }
}
