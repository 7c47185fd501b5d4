using System.Net;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.ReadModel;

/// <summary>What Booking and Payments themselves say.</summary>
internal sealed record Ledger(IReadOnlyList<OrderFacts> Orders, IReadOnlyList<PaymentFacts> Payments)
{
    public bool IsSettled =>
        Orders.All(order => !order.HasPendingMessages)
        && Payments.All(payment => !payment.HasPendingMessages && payment.Status != PaymentStatus.AwaitingConfirmation && payment.RefundDue == (payment.Status == PaymentStatus.Refunded));

    public static async Task<Ledger> OfAsync(TestHost host)
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        return new Ledger(
            await AllAsync(after => mediator.Send(new ListOrderFacts(after, 1_000)), order => order.OrderId),
            await AllAsync(after => mediator.Send(new ListPaymentFacts(after, 1_000)), payment => payment.PaymentId));
    }

    /// <summary>When no message is under way any more and the gateway has answered everything.</summary>
    /// <remarks>Orders are read before payments, and a message may be delivered in between: only what is read twice alike was so at one moment.</remarks>
    public static async Task<Ledger> SettledAsync(TestHost host)
    {
        var (_, ledger) = await Eventually.Async(
            async () => (Before: await OfAsync(host), After: await OfAsync(host)),
            read => read.After.IsSettled && JsonSerializer.Serialize(read.Before) == JsonSerializer.Serialize(read.After),
            "every message to be delivered");
        return ledger;
    }

    private static async Task<List<T>> AllAsync<T>(Func<Guid?, Task<Result<IReadOnlyList<T>>>> next, Func<T, Guid> id)
    {
        var all = new List<T>();
        while (true)
        {
            var page = (await next(all.Count == 0 ? null : id(all[^1]))).Value;
            if (page.Count == 0)
            {
                return all;
            }

            all.AddRange(page);
        }
    }
}

/// <summary>A box office with customers.</summary>
internal sealed class BoxOffice(TestHost host, TicketBoothApi admin, IReadOnlyList<TicketBoothApi> buyers)
{
    private int sold;

    public TicketBoothApi Admin => admin;

    public TicketBoothApi Buyer => buyers[0];

    public static async Task<BoxOffice> OpenAsync(TestHost host) =>
        new(host, await TicketBoothApi.AdminAsync(host), [await TicketBoothApi.NewBuyerAsync(host), await TicketBoothApi.NewBuyerAsync(host)]);

    /// <summary>Publishes an event with two tiers, and waits until the dashboard has heard of it.</summary>
    public async Task<string> PublishAsync(int tickets = 100, string name = "Bossa Nova Night")
    {
        var body = TicketBoothApi.EventBody(tickets, name: name);
        body["tiers"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject { ["name"] = "Stalls", ["price"] = 10_000, ["tickets"] = tickets / 2 },
            new System.Text.Json.Nodes.JsonObject { ["name"] = "Balcony", ["price"] = 25_050, ["tickets"] = tickets / 2 });
        var id = (string)(await admin.PublishEventAsync(body))["id"]!;
        await Eventually.Async(() => AnswerAsync($"/api/v1/dashboard/events/{id}"), answer => answer == HttpStatusCode.OK, $"event {id} to be in the read model");
        return id;
    }

    /// <summary>Orders, and brings the order to an end that its number chooses: left on payment, canceled, declined and then paid, paid, paid and refunded.</summary>
    public async Task<string> SellAsync(string eventId, int number, int quantity = 2)
    {
        var buyer = buyers[number % buyers.Count];
        var orderId = (string)(await buyer.OrderAsync(eventId, quantity))["id"]!;
        switch (number % 5)
        {
            case 0:
                break;
            case 1:
                await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/cancel");
                break;
            case 2:
                await buyer.PayAsync(orderId, "tok_decline");
                await Eventually.Async(
                    () => buyer.GetAsync($"/api/v1/orders/{orderId}"), order => (string?)order["payment"]?["status"] == "declined", "the payment to be declined");
                await buyer.PayAsync(orderId);
                break;
            case 3:
                await buyer.PayAsync(orderId);
                break;
            default:
                await buyer.PayAsync(orderId);
                await buyer.WaitForOrderAsync(orderId, "paid");
                await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/cancel");
                break;
        }

        return orderId;
    }

    /// <summary>Orders that <see cref="SellUntilAsync"/> has brought to their ends.</summary>
    public int Sold => Volatile.Read(ref sold);

    /// <summary>Sells until <paramref name="stop"/>, or <paramref name="most"/> orders: what runs beside it gives way to sales, and tickets are finite.</summary>
    public async Task SellUntilAsync(Task stop, int most, params string[] eventIds)
    {
        while (!stop.IsCompleted && Sold < most)
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(number => SellAsync(eventIds[number % eventIds.Length], number, quantity: 1)));
            Interlocked.Add(ref sold, 5);
        }
    }

    public Task<Ledger> SettledAsync() => Ledger.SettledAsync(host);

    private async Task<HttpStatusCode> AnswerAsync(string path)
    {
        using var answer = await admin.Client.GetAsync(path);
        return answer.StatusCode;
    }
}
