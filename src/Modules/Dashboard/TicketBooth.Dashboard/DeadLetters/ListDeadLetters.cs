using System.Text;
using System.Text.Json;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.DeadLetters;

/// <summary>Shows the messages that modules fail on, and why.</summary>
internal static class ListDeadLetters
{
    internal sealed record Query : IRequest<Result<Response>>;

    /// <param name="Count">How many there are in all.</param>
    /// <param name="Items">The oldest ones first, at most 200.</param>
    internal sealed record Response(long Count, IReadOnlyList<Item> Items);

    /// <summary>A message that its consumer failed on, with all its retries.</summary>
    /// <param name="Number">Identifies it in the calls to replay and drop it.</param>
    /// <param name="Module">The consuming module.</param>
    /// <param name="MessageType">The contract's URN.</param>
    /// <param name="About">The order or event that it concerns.</param>
    /// <param name="Body">The message; a string when it is not JSON, which may be why it cannot be consumed.</param>
    /// <param name="Reason">The last failure.</param>
    internal sealed record Item(
        long Number,
        string Module,
        Guid MessageId,
        string MessageType,
        Guid About,
        JsonElement Body,
        string Reason,
        DateTimeOffset FailedAt
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/dashboard/dead-letters", async (IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(), ct)).ToHttp(letters => TypedResults.Ok(letters))
            )
            .RequireStaff()
            .WithName("ListDeadLetters")
            .WithTags("Dashboard")
            .WithSummary("List dead letters")
            .WithDescription(
                """
                Messages that a module fails on, oldest first, at most 200. They block no later message; replay them when the cause is
                fixed. `body` is the message, or a string when that is not JSON.
                """
            )
            .WithExamples(
                response: """
                {
                  "count": 1,
                  "items": [{
                    "number": 1, "module": "Events", "messageId": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70819",
                    "messageType": "urn:message:TicketBooth.Booking.Contracts:OrderPaid",
                    "about": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "body": { "orderId": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001" },
                    "reason": "InvalidOperationException: …", "failedAt": "2026-11-23T20:00:02Z"
                  }]
                }
                """
            )
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    internal sealed class Handler(IDeadLetters deadLetters) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query request, CancellationToken cancellationToken)
        {
            var letters = await deadLetters.ListAsync(Cursor.LargestLimit);
            return new Response(
                await deadLetters.CountAsync(),
                [
                    .. letters.Select(letter => new Item(
                        letter.Number,
                        letter.Module,
                        letter.Entry.MessageId,
                        letter.Entry.MessageType,
                        letter.Entry.Key,
                        Shown(letter.Entry.Body),
                        letter.Reason,
                        letter.FailedAt
                    )),
                ]
            );
        }

        private static JsonElement Shown(byte[] body)
        {
            try
            {
                return JsonElement.Parse(body);
            }
            catch (JsonException)
            {
                return JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(body));
            }
        }
    }
}
