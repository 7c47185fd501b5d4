using System.Security.Claims;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Lists events by their start, and finds them by name, venue and date.</summary>
internal static class ListEvents
{
    private const int LongestSearch = 200;
    private const int MostWords = 8;

    private static readonly TimeSpan EndedHoldsFor = TimeSpan.FromSeconds(10);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events",
                async (
                    string? search,
                    DateTimeOffset? from,
                    DateTimeOffset? to,
                    string? status,
                    string? cursor,
                    int? limit,
                    ClaimsPrincipal user,
                    Handler handler,
                    CancellationToken cancellationToken
                ) =>
                {
                    var query = Query.Read(search, from, to, status, cursor, limit, user.IsStaff());
                    return query.Error is { } error
                        ? error.ToProblem()
                        : new RememberedResult(await handler.ListAsync(query.Value, cancellationToken));
                }
            )
            .WithName("ListEvents")
            .WithSummary("Lists events")
            .WithDescription(
                """
                In the order of `startsAt`, then id. `search` finds events whose name or venue holds every word of it, without regard to
                case and accents; `from` (inclusive) and `to` (exclusive) are ISO 8601 and bound `startsAt`; `status` is `draft`,
                `published`, `canceled` or `ended`; `limit` is 1 to 200, 50 when left out. Prices are integer cents. Drafts are listed for
                staff only. A parameter out of its bounds is 422 `validation-failed`, one that is no date or number at all 400
                `malformed-request`. `ETag` and `If-None-Match` as on one event.
                """
            )
            .WithTags("Events")
            .WithExamples(response: EventExamples.Page)
            .Produces<Page<EventSummary>>()
            .Produces(StatusCodes.Status304NotModified)
            .WithRevalidation()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed record Query(
        IReadOnlyList<string> Words,
        DateTimeOffset? From,
        DateTimeOffset? To,
        Cursor? After,
        int Limit,
        bool IsStaff,
        EventStatus? Status
    )
    {
        public static Result<Query> Read(
            string? search,
            DateTimeOffset? from,
            DateTimeOffset? to,
            string? status,
            string? cursor,
            int? limit,
            bool isStaff
        )
        {
            EventStatus? wanted = status switch
            {
                "draft" => EventStatus.Draft,
                "published" => EventStatus.Published,
                "canceled" => EventStatus.Canceled,
                "ended" => EventStatus.Ended,
                _ => null,
            };
            return wanted is null && !string.IsNullOrEmpty(status)
                ? EventsErrors.Invalid("status", "draft, published, canceled or ended.")
                : Read(search, from, to, wanted, cursor, limit, isStaff);
        }

        public static Result<Query> Read(FindEvents request) =>
            Read(request.Search, request.From, request.To, request.Status, request.Cursor, request.Limit, isStaff: true);

        public string ToKey() =>
            FormattableString.Invariant($"{IsStaff}|{From?.UtcTicks}|{To?.UtcTicks}|{Status}|{After}|{Limit}|{string.Join(' ', Words)}");

        private static Result<Query> Read(
            string? search,
            DateTimeOffset? from,
            DateTimeOffset? to,
            EventStatus? status,
            string? cursor,
            int? limit,
            bool isStaff
        )
        {
            if (search?.Length > LongestSearch)
            {
                return EventsErrors.Invalid("search", $"At most {LongestSearch} characters.");
            }

            var words = SearchText.WordsOf(search);
            if (words.Count > MostWords)
            {
                return EventsErrors.Invalid("search", $"At most {MostWords} words.");
            }

            if (from >= to)
            {
                return EventsErrors.Invalid("to", "Must be later than from.");
            }

            if (limit is < 1 or > Cursor.LargestLimit)
            {
                return EventsErrors.Invalid("limit", $"1 to {Cursor.LargestLimit}.");
            }

            Cursor? after = null;
            if (!string.IsNullOrEmpty(cursor))
            {
                if (!Cursor.TryParseTime(cursor, out var startsAt, out var id))
                {
                    return EventsErrors.Invalid("cursor", "Not a cursor of this list.");
                }

                after = new Cursor(startsAt.UtcTicks, id);
            }

            return new Query(words, from, to, after, limit ?? Cursor.DefaultLimit, isStaff, status);
        }
    }

    private static async Task<(Page<EventSummary> Page, IReadOnlyList<EventListing> Rows)> PageAsync(
        IEventStore store,
        Query query,
        DateTimeOffset now
    )
    {
        var rows = await store.ListAsync(
            new EventFilter(
                query.Words,
                query.IsStaff,
                query.From,
                query.To,
                query.After is { } after ? (after.Value, after.Id) : null,
                query.Limit + 1,
                query.Status is { } status ? (status, now) : null
            )
        );
        return (
            Page<EventSummary>.Of([.. rows.Select(row => row.ToSummary(now))], query.Limit, last =>
                new Cursor(last.StartsAt.UtcTicks, last.Id).ToString()
            ),
            rows
        );
    }

    internal sealed class Validator : AbstractValidator<FindEvents>
    {
        public Validator() =>
            RuleFor(request => request)
                .Custom(
                    (request, context) =>
                    {
                        foreach (
                            var (field, messages) in Query.Read(request).Error?.Fields
                                ?? new Dictionary<string, string[]>(StringComparer.Ordinal)
                        )
                        {
                            foreach (var message in messages)
                            {
                                context.AddFailure(field, message);
                            }
                        }
                    }
                );
    }

    /// <remarks>Bypasses the cache: staff must see what they have just changed.</remarks>
    internal sealed class StaffHandler(IEventStore store, TimeProvider clock) : IRequestHandler<FindEvents, Result<Page<EventSummary>>>
    {
        public async Task<Result<Page<EventSummary>>> Handle(FindEvents request, CancellationToken cancellationToken) =>
            (await PageAsync(store, Query.Read(request).Value, clock.GetUtcNow())).Page;
    }

    internal sealed class Handler(IEventStore store, ReadCache cache, TimeProvider clock, IOptions<JsonOptions> json)
    {
        public async ValueTask<Remembered> ListAsync(Query query, CancellationToken cancellationToken) =>
            (
                await cache.GetAsync(
                    new ReadKey(Guid.Empty, query.ToKey()),
                    (this, query),
                    static state => state.Item1.LoadAsync(state.query),
                    cancellationToken
                )
            )!;

        private async Task<Remembered?> LoadAsync(Query query)
        {
            var now = clock.GetUtcNow();
            var (page, rows) = await PageAsync(store, query, now);
            var holdsUntil = rows.Select(row => row.Phase.StatusHoldsUntil(now)).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            return Remembered.Of(
                page,
                json.Value.SerializerOptions,
                // Events that are not on the page yet may end meanwhile and belong on it, and nothing announces that.
                query.Status is EventStatus.Ended
                && now + EndedHoldsFor < holdsUntil
                    ? now + EndedHoldsFor
                    : holdsUntil,
                isPublic: !query.IsStaff
            );
        }
    }
}
