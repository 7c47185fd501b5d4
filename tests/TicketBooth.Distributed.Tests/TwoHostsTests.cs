using System.Net;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>What one of two hosts does, the other one knows.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class TwoHostsTests
{
    private Cluster cluster = null!;
    private Sale sale = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        cluster = await Cluster.StartAsync(hosts: 2, ("Booking:MaxTicketsPerBuyer", "10"));
        sale = new Sale(cluster.Hosts);
        await sale.SignInAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        sale.Dispose();
        await cluster.DisposeAsync();
    }

    [Test]
    public async Task What_one_host_frees_the_other_one_sells_at_once()
    {
        var eventId = await sale.PublishAsync(TicketBoothApi.EventBody(tickets: 4));
        var (buyer, other) = (await sale.NewBuyerAsync(1), await sale.NewBuyerAsync(2));
        var all = new { eventId, quantity = 4 };

        for (var round = 0; round < 4; round++)
        {
            var (here, there) = (round % 2, (round + 1) % 2);
            var (status, order) = await sale.SendToAsync(here, buyer, HttpMethod.Post, "/api/v1/orders", all, key: $"all-{round}");
            Assert.That(status, Is.EqualTo(HttpStatusCode.Created), $"round {round}: {order}");
            var (refused, why) = await sale.SendToAsync(here, other, HttpMethod.Post, "/api/v1/orders", all, key: $"none-{round}");
            Assert.That(refused, Is.EqualTo(HttpStatusCode.Conflict), $"round {round}: {why}");
            await sale.SendToAsync(there, buyer, HttpMethod.Post, $"/api/v1/orders/{order["id"]}/cancel");
            (status, order) = await sale.SendToAsync(here, other, HttpMethod.Post, "/api/v1/orders", all, key: $"then-{round}");
            Assert.That(status, Is.EqualTo(HttpStatusCode.Created), $"round {round}: {order}");
            await sale.SendToAsync(there, other, HttpMethod.Post, $"/api/v1/orders/{order["id"]}/cancel");
        }
    }

    [Test]
    public async Task A_buyer_who_asks_both_hosts_at_once_gets_no_more_tickets_than_one_buyer_may_have()
    {
        var eventId = await sale.PublishAsync(TicketBoothApi.EventBody(tickets: 100));
        var buyer = await sale.NewBuyerAsync(4);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            sale.SendToAsync(i % 2, buyer, HttpMethod.Post, "/api/v1/orders", new { eventId, quantity = 1 }))));

        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Created), Is.EqualTo(10));
        Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.Created).Select(answer => (string?)answer.Body["code"]), Is.All.EqualTo("ticket-limit"));
    }

    [Test]
    public async Task A_sale_that_was_extended_after_its_close_goes_on_on_every_host()
    {
        var body = TicketBoothApi.EventBody(tickets: 20);
        body["endsSellingAt"] = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var eventId = await sale.PublishAsync(body);
        var buyer = await sale.NewBuyerAsync(3);
        for (var host = 0; host < 2; host++)
        {
            await BecomesAsync(host, "sale-closed");
        }

        body["endsSellingAt"] = TimeProvider.System.GetUtcNow().AddHours(1);
        await sale.SendAsync(sale.AdminToken, HttpMethod.Put, $"/api/v1/events/{eventId}", body);

        for (var host = 0; host < 2; host++)
        {
            await BecomesAsync(host, "price-changed");
        }

        // An order at a total that no ticket has is refused after everything else, and takes nothing.
        Task BecomesAsync(int host, string code) => Eventually.Async(
            async () => await sale.SendToAsync(host, buyer, HttpMethod.Post, "/api/v1/orders", new { eventId, quantity = 1, expectedTotal = 1 }),
            answer => (string?)answer.Body["code"] == code,
            $"host {host} to answer {code}");
    }
}
