using System.Globalization;
using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Doors;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.CheckIns;

/// <summary>Lists the tickets of a door: to find one by name or order, and to know them all while offline.</summary>
internal static class ListDoorTickets
{
    private const int LongestSearch = 100;
    private const int NumbersAtOnce = 500;

    // Of accounts with a name that is searched for.
    private const int MostAccounts = 200;

    internal sealed record Query(Guid EventId, string? Search, string? Cursor, int? Limit) : IRequest<Result<Page<DoorTicket>>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events/{id:guid}/door/tickets",
                async (Guid id, string? search, string? cursor, int? limit, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Query(id, search, cursor, limit), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireDoor()
            .WithName("ListDoorTickets")
            .WithTags("Door")
            .WithSummary("List the tickets of a door")
            .WithDescription(
                """
                The valid tickets by number. `search` finds them by a ticket's number, an order's number, a part of the holder's name, or
                the beginning of the buyer's name. Let one in with its `ticketId` instead of a code.
                """
            )
            .WithExamples(response: $$"""{ "items": [{{CheckInExamples.Ticket}}], "nextCursor": null }""")
            .Produces<Page<DoorTicket>>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(query => query.Search).MaximumLength(LongestSearch).MustBeOneLine();
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(query => query.Cursor)
                .Must(cursor => cursor is null || Cursor.TryParse(cursor, out _))
                .WithMessage("Send nextCursor of the page before, or nothing.");
        }
    }

    internal sealed class Handler(ITicketStore tickets, KnownEvents events, IMediator mediator)
        : IRequestHandler<Query, Result<Page<DoorTicket>>>
    {
        public async Task<Result<Page<DoorTicket>>> Handle(Query request, CancellationToken cancellationToken)
        {
            if (await events.FindAsync(request.EventId, cancellationToken) is not { } show)
            {
                return AdmissionsErrors.EventNotFound;
            }

            var limit = request.Limit ?? Cursor.DefaultLimit;
            var isWanted = await WantedAsync(request.Search?.Trim(), cancellationToken);
            var after = Cursor.TryParse(request.Cursor, out var cursor) ? (int)Math.Clamp(cursor.Value, 0, ushort.MaxValue) : 0;
            var found = new List<DoorTicket>();
            while (found.Count <= limit && await tickets.OfEventAsync(show.Id, after, NumbersAtOnce) is { Count: > 0 } page)
            {
                var live = page.GroupBy(ticket => ticket.Number).Select(ofNumber => IssueRules.Live(ofNumber)).OfType<IssuedTicket>();
                found.AddRange(live.Where(isWanted).Select(ticket => CheckInAnswers.Of(ticket, show)));
                after = page[^1].Number;
            }

            return Page<DoorTicket>.Of(found, limit, last => new Cursor(last.Number, Guid.Empty).ToString());
        }

        private async Task<Func<IssuedTicket, bool>> WantedAsync(string? search, CancellationToken cancellationToken)
        {
            if (string.IsNullOrEmpty(search))
            {
                return _ => true;
            }

            if (int.TryParse(search, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return ticket => ticket.Number == number;
            }

            if (SpokenId.TryParse(search, out var first, out var last))
            {
                return ticket => first.CompareTo(ticket.OrderId) <= 0 && ticket.OrderId.CompareTo(last) <= 0;
            }

            var accounts = await mediator.Send(new FindUsers(search, Limit: MostAccounts), cancellationToken);
            var people = accounts.IsSuccess ? accounts.Value.Items.Select(account => account.Id).ToHashSet() : [];
            return ticket => people.Contains(ticket.OwnerId ?? ticket.BuyerId) || Holds(ticket.HolderName, search);
        }

        private static bool Holds(string? name, string search) =>
            name is not null
            && CultureInfo.InvariantCulture.CompareInfo.IndexOf(name, search, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace)
                >= 0;
    }
}
