using System.Net;

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
        cluster = await Cluster.StartAsync(hosts: 2);
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
        var eventId = await sale.PublishAsync(tickets: 4);
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
}
