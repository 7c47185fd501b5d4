using System.Net;
using System.Net.Http.Json;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>Promise I1 over HTTP. That this race is lost without the unique index is shown by Booking's own tests.</summary>
public sealed class RaceTests
{
    private const int Buyers = 200;

    [Test]
    public async Task Of_two_hundred_buyers_of_one_ticket_exactly_one_gets_it()
    {
        await using var host = await TestHost.StartAsync();
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 1)))["id"]!;
        var ticket = (string)(await admin.GetAsync($"/api/v1/events/{eventId}/tickets"))["items"]![0]!["id"]!;
        var buyers = new TicketBoothApi[Buyers];

        // Not all at once: of one address only so many may wait for a place to hash their passwords.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Buyers),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => buyers[i] = await TicketBoothApi.NewBuyerAsync(host));

        var answers = await Task.WhenAll(buyers.Select(buyer => buyer.Client.PostAsJsonAsync("/api/v1/orders", new { ticketIds = new[] { ticket } })));

        Assert.Multiple(() =>
        {
            Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), Is.EqualTo(1));
            Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict), Is.EqualTo(Buyers - 1));
        });
    }

    [Test]
    public async Task Many_buyers_of_few_tickets_sell_each_once()
    {
        const int Tickets = 50;
        await using var host = await TestHost.StartAsync();
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(Tickets)))["id"]!;
        var buyer = await TicketBoothApi.NewBuyerAsync(host);

        var answers = await Task.WhenAll(Enumerable.Range(0, Buyers).Select(_ => buyer.Client.PostAsJsonAsync("/api/v1/orders", new { eventId, quantity = 1 })));

        var orders = await Task.WhenAll(answers
            .Where(answer => answer.StatusCode == HttpStatusCode.Created)
            .Select(answer => answer.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>()));
        var numbers = orders.Select(order => (int)order!["tickets"]![0]!["number"]!).Order();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, Tickets)));
    }
}
