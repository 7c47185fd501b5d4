using System.Security.Claims;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Lists an event's tickets by their number.</summary>
internal static class ListTickets
{
    private const int Stride = 1_000;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events/{id:guid}/tickets",
                async (
                    Guid id,
                    Guid? tierId,
                    string? state,
                    string? cursor,
                    int? limit,
                    ClaimsPrincipal user,
                    Handler handler,
                    CancellationToken cancellationToken
                ) =>
                {
                    var query = Query.Read(id, tierId, state, cursor, limit);
                    if (query.Error is { } error)
                    {
                        return error.ToProblem();
                    }

                    var page = await handler.ListAsync(query.Value, cancellationToken);
                    return page is not null && (page.IsPublic || user.IsStaff())
                        ? new RememberedResult(page)
                        : EventsErrors.NotFound.ToProblem();
                }
            )
            .WithName("ListTickets")
            .WithSummary("Lists an event's tickets")
            .WithDescription(
                """
                In the order of their numbers. `state` is `available`, `on_payment` or `sold`, which tickets on hold for the house are, too;
                withdrawn ones are not listed. `tierId` is one of the event's tiers; `limit` is 1 to 200, 50 when left out. Prices are
                integer cents. States follow sales within moments; only an order tells for certain. A parameter out of its bounds is 422
                `validation-failed`. `ETag` and `If-None-Match` as on the event.
                """
            )
            .WithTags("Events")
            .WithExamples(response: EventExamples.Tickets)
            .Produces<Page<Ticket>>()
            .Produces(StatusCodes.Status304NotModified)
            .WithRevalidation()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    /// <param name="Number">Within the event, from 1.</param>
    /// <param name="Price">Its tier's current price, in cents.</param>
    internal sealed record Ticket(Guid Id, int Number, Guid TierId, long Price, TicketState State);

    internal sealed record Query(Guid EventId, Guid? TierId, TicketState? State, int After, int Limit)
    {
        public static Result<Query> Read(Guid eventId, Guid? tierId, string? state, string? cursor, int? limit)
        {
            TicketState? wanted = state switch
            {
                "available" => TicketState.Available,
                "on_payment" => TicketState.OnPayment,
                "sold" => TicketState.Sold,
                _ => null,
            };
            if (wanted is null && !string.IsNullOrEmpty(state))
            {
                return EventsErrors.Invalid("state", "available, on_payment or sold.");
            }

            if (limit is < 1 or > Cursor.LargestLimit)
            {
                return EventsErrors.Invalid("limit", $"1 to {Cursor.LargestLimit}.");
            }

            var after = 0;
            if (!string.IsNullOrEmpty(cursor))
            {
                if (!Cursor.TryParse(cursor, out var position) || position.Id != eventId || position.Value is < 0 or > ushort.MaxValue)
                {
                    return EventsErrors.Invalid("cursor", "Not a cursor of this list.");
                }

                after = (int)position.Value;
            }

            return new Query(eventId, tierId, wanted, after, limit ?? Cursor.DefaultLimit);
        }

        public string ToKey() => FormattableString.Invariant($"tickets|{TierId}|{State}|{After}|{Limit}");
    }

    internal sealed class Handler(IEventStore store, ITicketStateStore states, ReadCache cache, IOptions<JsonOptions> json)
    {
        public ValueTask<Remembered?> ListAsync(Query query, CancellationToken cancellationToken) =>
            cache.GetAsync(
                new ReadKey(query.EventId, query.ToKey()),
                (this, query),
                static state => state.Item1.LoadAsync(state.query),
                cancellationToken
            );

        private async Task<Remembered?> LoadAsync(Query query)
        {
            if (await store.FindAsync(query.EventId) is not { } found)
            {
                return null;
            }

            var page = Page<Ticket>.Of(await ReadAsync(found, query), query.Limit, last =>
                new Cursor(last.Number, query.EventId).ToString()
            );
            return Remembered.Of(page, json.Value.SerializerOptions, DateTimeOffset.MaxValue, found.IsPublished);
        }

        /// <summary>Walks the tiers' ranges in strides, and stops at the ticket after the page.</summary>
        private async Task<List<Ticket>> ReadAsync(Event found, Query query)
        {
            var tickets = new List<Ticket>(query.Limit + 1);
            var blocked = found.BlockedTickets();
            var ranges = found
                .Tiers.Where(tier => query.TierId is null || tier.Id == query.TierId)
                .SelectMany(tier => tier.Tickets, (tier, range) => (Tier: tier, range.First, Last: range.First + range.Count - 1))
                .Where(range => range.Last > query.After)
                .OrderBy(range => range.First);
            foreach (var (tier, rangeFirst, rangeLast) in ranges)
            {
                for (var first = Math.Max(rangeFirst, query.After + 1); first <= rangeLast; first += Stride)
                {
                    var last = Math.Min(rangeLast, first + Stride - 1);
                    var taken = (await states.TakenTicketsAsync(found.Id, first, last)).ToDictionary(
                        ticket => ticket.Number,
                        ticket => ticket.State
                    );
                    for (var number = first; number <= last; number++)
                    {
                        var isBlocked = blocked.TryGetValue(number, out var isWithdrawn) && !taken.ContainsKey(number);
                        var state = isBlocked ? TicketState.Sold : taken.GetValueOrDefault(number);
                        if ((isBlocked && isWithdrawn) || (query.State is not null && query.State != state))
                        {
                            continue;
                        }

                        tickets.Add(new Ticket(TaggedId.Of(found.Id, (ushort)number), number, tier.Id, tier.Price, state));
                        if (tickets.Count > query.Limit)
                        {
                            return tickets;
                        }
                    }
                }
            }

            return tickets;
        }
    }
}
