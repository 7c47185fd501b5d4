using System.Collections.Concurrent;
using System.Text.Json;

namespace TicketBooth.LoadTests.Loads;

/// <summary>The mix of a sale: of a hundred requests 80 look, 15 order a ticket, and 5 pay an order that was placed before.</summary>
/// <param name="browsing">What they look at and what they order.</param>
/// <param name="buyers">Their tokens.</param>
/// <param name="seed">Of their choices.</param>
internal sealed class Shopping(Browsing browsing, IReadOnlyList<string> buyers, int seed)
{
    public const string Browse = "browse";
    public const string Order = "order";
    public const string Pay = "pay";

    /// <summary>The share of requests that order.</summary>
    public const double Orderers = 0.15;

    private const double Payers = 0.05;

    private readonly ConcurrentQueue<(string Token, string OrderId)> unpaid = new();

    /// <summary>The request with a number: with the same seed the same choices, but for who pays what.</summary>
    public Request Next(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var what = random.NextDouble();
        if (what >= 1 - Payers && unpaid.TryDequeue(out var order))
        {
            return Request.Post(Pay, $"/api/v1/orders/{order.OrderId}/payment", order.Token, """{"method":"card","token":"tok_approve"}""");
        }

        return what < 1 - Payers - Orderers
            ? Request.Get(Browse, browsing.Next(random))
            : Request.Post(
                Order,
                "/api/v1/orders",
                buyers[random.Next(buyers.Count)],
                $$"""{"eventId":"{{browsing.Any(random)}}","quantity":1}"""
            );
    }

    /// <summary>Remembers what was ordered, to be paid.</summary>
    public void Answered(Request request, HttpAnswer answer)
    {
        if (request.Kind == Order && answer.IsSuccess)
        {
            using var order = JsonDocument.Parse(answer.Body);
            unpaid.Enqueue((request.Token!, order.RootElement.GetProperty("id").GetString()!));
        }
    }
}
