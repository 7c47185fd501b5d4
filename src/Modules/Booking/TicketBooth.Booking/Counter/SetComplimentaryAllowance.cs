using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Command = TicketBooth.Booking.Contracts.SetComplimentaryAllowance;
using Query = TicketBooth.Booking.Contracts.GetComplimentaryAllowance;

namespace TicketBooth.Booking.Counter;

/// <summary>Says how many tickets of an event may be given away, and how many are.</summary>
internal static class SetComplimentaryAllowance
{
    private const string Route = "/api/v1/events/{id:guid}/complimentary-allowance";

    /// <param name="Allowance">So many tickets in all.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(int Allowance);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapPut(Route, async (Guid id, Body body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Command(id, body.Allowance, user.ToActor()), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("SetComplimentaryAllowance")
            .WithTags("Counter")
            .WithSummary("Allow complimentary tickets")
            .WithDescription(
                """
                How many tickets of the event may be given away at the counter, in all; none while nobody said. What was given already stays
                given when the allowance is lowered.
                """
            )
            .WithExamples(request: """{ "allowance": 20 }""", response: CounterExamples.Allowance)
            .Produces<ComplimentaryAllowance>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");
        routes
            .MapGet(Route, async (Guid id, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(id), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireStaff()
            .WithName("GetComplimentaryAllowance")
            .WithTags("Counter")
            .WithSummary("Show the complimentary allowance")
            .WithDescription("How many tickets of the event may be given away at the counter, and how many are.")
            .WithExamples(response: CounterExamples.Allowance)
            .Produces<ComplimentaryAllowance>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found");
    }

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Allowance).InclusiveBetween(0, 10_000);
            RuleFor(command => command.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(OnSaleCatalog catalog, IShiftStore store, IMediator mediator)
        : IRequestHandler<Command, Result<ComplimentaryAllowance>>
    {
        public async Task<Result<ComplimentaryAllowance>> Handle(Command request, CancellationToken cancellationToken)
        {
            var found = await catalog.FindAsync(request.EventId, cancellationToken);
            if (found.Error is { } unknown)
            {
                return unknown;
            }

            await store.AllowAsync(request.EventId, request.Allowance);
            return await mediator.Send(new Query(request.EventId), cancellationToken);
        }
    }

    internal sealed class GetHandler(OnSaleCatalog catalog, ShardRegistry shards, IShiftStore store)
        : IRequestHandler<Query, Result<ComplimentaryAllowance>>
    {
        public async Task<Result<ComplimentaryAllowance>> Handle(Query request, CancellationToken cancellationToken)
        {
            var found = await catalog.FindAsync(request.EventId, cancellationToken);
            if (found.Error is { } unknown)
            {
                return unknown;
            }

            var shard = await shards.OfAsync(found.Value.Shard);
            var given = await shard.Store.OfBuyersAsync([new BuyerOfEvent(request.EventId, CounterSale.Guests)]);
            return new ComplimentaryAllowance(
                request.EventId,
                await store.AllowanceAsync(request.EventId),
                given.Sum(order => order.Held.Count)
            );
        }
    }
}
