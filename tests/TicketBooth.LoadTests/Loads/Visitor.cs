using System.Diagnostics;
using System.Text.Json;

namespace TicketBooth.LoadTests.Loads;

/// <summary>
/// Somebody who comes to buy: looks around, wants four neighbours, takes what is left when somebody was faster, and mostly does not pay.
/// Thinks between any two requests.
/// </summary>
/// <param name="host">Whom they ask.</param>
/// <param name="token">Of this buyer alone, so that the limits of a buyer hold.</param>
/// <param name="browsing">What they look at.</param>
/// <param name="random">Their choices.</param>
internal sealed class Visitor(Uri host, string token, Browsing browsing, Random random)
{
    private const int Neighbours = 4;
    private const double Payers = 0.3;

    private static readonly TimeSpan longestThought = TimeSpan.FromSeconds(2);

    private readonly List<Done> done = [];

    /// <summary>Every request, timed from when it was sent: people ask again only when they were answered.</summary>
    public IReadOnlyList<Done> Done => done;

    /// <summary>Tickets that were held; 0 when they went away with nothing.</summary>
    public int Held { get; private set; }

    public bool HasPaid { get; private set; }

    /// <summary>Whether they got the neighbours that they wanted.</summary>
    public bool GotNeighbours => Held == Neighbours;

    public async Task VisitAsync()
    {
        using var connection = await HttpConnection.OpenAsync(host);
        var eventId = browsing.Popular(random);
        await AskAsync(connection, Request.Get("list", "/api/v1/events"));
        await AskAsync(connection, Request.Get("event", $"/api/v1/events/{eventId}"));
        var tickets = await AskAsync(connection, Request.Get("tickets", $"/api/v1/events/{eventId}/tickets?state=available&limit=200"));
        var orderId = await OrderAsync(connection, eventId, NeighboursIn(tickets));
        if (orderId is not null && random.NextDouble() < Payers)
        {
            var answer = await AskAsync(
                connection,
                Request.Post("pay", $"/api/v1/orders/{orderId}/payment", token, """{"method":"card","token":"tok_approve"}""")
            );
            HasPaid = answer.IsSuccess;
            await AskAsync(connection, Request.Get("own order", $"/api/v1/orders/{orderId}", token));
        }
    }

    /// <summary>The neighbours, or two tickets wherever they are, or one.</summary>
    /// <returns>The order's id; null when nothing was left for them.</returns>
    private async Task<string?> OrderAsync(HttpConnection connection, string eventId, IReadOnlyList<string> neighbours)
    {
        List<(string Body, int Tickets)> wishes = [(OfEvent(2), 2), (OfEvent(1), 1)];
        if (neighbours.Count > 0)
        {
            wishes.Insert(0, ($$"""{"ticketIds":["{{string.Join("\",\"", neighbours)}}"]}""", Neighbours));
        }

        foreach (var (body, tickets) in wishes)
        {
            var answer = await AskAsync(connection, Request.Post("order", "/api/v1/orders", token, body));
            if (answer.IsSuccess)
            {
                Held = tickets;
                using var order = JsonDocument.Parse(answer.Body);
                return order.RootElement.GetProperty("id").GetString();
            }
        }

        return null;

        string OfEvent(int quantity) => $$"""{"eventId":"{{eventId}}","quantity":{{quantity}}}""";
    }

    /// <summary>Four tickets in a row, one of the rows that there are; none when there are none on the page.</summary>
    private List<string> NeighboursIn(HttpAnswer page)
    {
        if (!page.IsSuccess)
        {
            return [];
        }

        using var tickets = JsonDocument.Parse(page.Body);
        var free = tickets
            .RootElement.GetProperty("items")
            .EnumerateArray()
            .Select(ticket => (Id: ticket.GetProperty("id").GetString()!, Number: ticket.GetProperty("number").GetInt32()))
            .ToList();
        var starts = Enumerable
            .Range(0, Math.Max(0, free.Count - Neighbours + 1))
            .Where(at => free[at + Neighbours - 1].Number - free[at].Number == Neighbours - 1)
            .ToList();
        return starts.Count == 0 ? [] : [.. free.GetRange(starts[random.Next(starts.Count)], Neighbours).Select(ticket => ticket.Id)];
    }

    private async Task<HttpAnswer> AskAsync(HttpConnection connection, Request request)
    {
        await Task.Delay(longestThought * random.NextDouble());
        var since = Stopwatch.GetTimestamp();
        var answer = await connection.SendAsync(request.Bytes);
        done.Add(new Done(request.Kind, answer.Status, Stopwatch.GetElapsedTime(since)));
        return answer;
    }
}
