using System.Globalization;
using System.Net;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>What one of two hosts does, the other one knows.</summary>
internal sealed class TwoHostsTests
{
    /// <summary>More than anybody buys in a test of something else.</summary>
    private const int MaxTicketsPerBuyer = 200;

    private Cluster cluster = null!;
    private Sale sale = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        cluster = await Cluster.StartAsync(
            hosts: 2,
            ("Booking:MaxTicketsPerBuyer", MaxTicketsPerBuyer.ToString(CultureInfo.InvariantCulture))
        );

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }

    [SetUp]
    public async Task SignInAsync()
    {
        sale = new Sale(cluster.Hosts);
        await sale.SignInAsync();
    }

    [TearDown]
    public void SignOut() => sale.Dispose();

    [Test]
    public async Task What_one_host_frees_the_other_one_sells_at_once()
    {
        var eventId = await sale.PublishAsync(TicketBoothApi.EventBody(tickets: 4));
        var (buyer, other) = (await sale.NewBuyerAsync(), await sale.NewBuyerAsync());
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
        const int Quantity = 10;
        var eventId = await sale.PublishAsync(TicketBoothApi.EventBody(tickets: 500));
        var buyer = await sale.NewBuyerAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    Task.Run(() => sale.SendToAsync(i % 2, buyer, HttpMethod.Post, "/api/v1/orders", new { eventId, quantity = Quantity }))
                )
        );

        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Created), Is.EqualTo(MaxTicketsPerBuyer / Quantity));
        Assert.That(
            answers.Where(answer => answer.Status != HttpStatusCode.Created).Select(answer => (string?)answer.Body["code"]),
            Is.All.EqualTo("ticket-limit")
        );
    }

    [Test]
    public async Task A_sale_that_was_extended_after_its_close_goes_on_on_every_host()
    {
        var body = TicketBoothApi.EventBody(tickets: 20);
        var eventId = await sale.PublishAsync(body);
        var buyer = await sale.NewBuyerAsync();
        await CloseInAsync(TimeSpan.FromSeconds(2));
        for (var host = 0; host < 2; host++)
        {
            await BecomesAsync(host, "sale-closed");
        }

        await CloseInAsync(TimeSpan.FromHours(1));

        for (var host = 0; host < 2; host++)
        {
            await BecomesAsync(host, "price-changed");
        }

        // Again where the time is over before the event is changed: a close in the past is refused.
        Task CloseInAsync(TimeSpan time) =>
            Eventually.Async(
                () =>
                {
                    body["endsSellingAt"] = TimeProvider.System.GetUtcNow().Add(time);
                    return sale.SendAsync(sale.AdminToken, HttpMethod.Put, $"/api/v1/events/{eventId}", body);
                },
                answer => answer.Status == HttpStatusCode.OK,
                "the close to be set"
            );

        // An order at a total that no ticket has is refused after everything else, and takes nothing.
        Task BecomesAsync(int host, string code) =>
            Eventually.Async(
                async () =>
                    await sale.SendToAsync(
                        host,
                        buyer,
                        HttpMethod.Post,
                        "/api/v1/orders",
                        new
                        {
                            eventId,
                            quantity = 1,
                            expectedTotal = 1,
                        }
                    ),
                answer => (string?)answer.Body["code"] == code,
                $"host {host} to answer {code}"
            );
    }

    [Test]
    public async Task Two_hundred_buyers_on_two_hosts_want_one_ticket_and_one_gets_it()
    {
        await sale.OpenAsync(tickets: 1);
        var buyers = await sale.NewBuyersAsync(20);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    Task.Run(() =>
                        sale.SendAsync(
                            buyers[i % buyers.Count],
                            HttpMethod.Post,
                            "/api/v1/orders",
                            new { eventId = sale.EventId, quantity = 1 }
                        )
                    )
                )
        );

        Assert.That(answers.Count(answer => (int)answer.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(answer => (int)answer.Status == 409), Is.EqualTo(199));
        await cluster.AssertAuditPassesAsync();
    }

    [Test]
    public async Task Kafka_is_down_for_half_a_minute_and_orders_go_on()
    {
        const int Tickets = 300;
        await sale.OpenAsync(Tickets);
        var buyers = await sale.NewBuyersAsync(10);

        cluster.Kafka.Down();
        var running = sale.RunAsync(buyers, Tickets);
        await Task.Delay(TimeSpan.FromSeconds(30));
        Assert.That(sale.Placed, Is.GreaterThanOrEqualTo(buyers.Count), "orders are accepted without a broker");
        Assert.That(sale.Paid, Is.Empty, "their payments' messages wait");
        cluster.Kafka.Up();
        await running;

        Assert.That(sale.Paid, Has.Count.EqualTo(Tickets));
        Assert.That(sale.WrongRefusals, Is.Zero);
        await cluster.AssertAuditPassesAsync();
    }

    [Test]
    public async Task A_rolling_restart_drops_no_hold()
    {
        await sale.OpenAsync(tickets: 20);
        var buyer = await sale.NewBuyerAsync();
        var (_, order) = await sale.SendAsync(buyer, HttpMethod.Post, "/api/v1/orders", new { eventId = sale.EventId, quantity = 2 });

        foreach (var host in cluster.Hosts)
        {
            await host.StopAsync();
            await host.RestartAsync();
        }

        var (_, after) = await sale.SendAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order["id"]}");
        Assert.That((string?)after["status"], Is.EqualTo("on_payment"));
        await sale.SendAsync(
            buyer,
            HttpMethod.Post,
            $"/api/v1/orders/{order["id"]}/payment",
            new { method = "card", token = "tok_approve" }
        );
        await Eventually.Async(
            async () => (string?)(await sale.SendAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order["id"]}")).Body["status"],
            status => status == "paid",
            "the payment",
            TimeSpan.FromSeconds(60)
        );
    }
}
