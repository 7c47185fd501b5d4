// The tour of tour.ts with the client that NSwag makes of the OpenAPI document. It is compiled by the test that generates the client.
using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;

namespace Generated;

public static class Tour
{
    public static async Task<string> RunAsync(Uri address, string adminEmail, string adminPassword)
    {
        var admin = await SignInAsync(address, adminEmail, adminPassword);
        var now = DateTimeOffset.UtcNow;
        var body = new EventBody
        {
            Name = "Tango by C sharp",
            Venue = "Grand Hall",
            StartsAt = now.AddDays(30),
            EndsSellingAt = now.AddDays(29),
            Capacity = 20,
            Tiers = [new TierBody { Name = "Stalls", Price = 12_000, Tickets = 20 }],
        };
        var draft = await admin.CreateEventAsync(body);
        Same(draft.PublishedAt, null, "a draft without an opening of its sale");
        var published = await admin.PublishEventAsync(draft.Id);
        Same(published.Status, EventStatus.Published, "status of the event");
        Same(published.PublishedAt is not null, true, "opening of the sale");
        var adjusted = await admin.AdjustPricesAsync(draft.Id, new AdjustPricesBody { Percentage = 10, Note = "The headliner is confirmed." });
        Same(adjusted.Tiers.Single().Price, 13_200, "adjusted price");

        var anybody = Client(address, token: null);
        var found = await anybody.ListEventsAsync(search: "tango sharp", limit: 10);
        Same(found.Items.Single().Id, draft.Id, "event found");

        var email = $"ana-{Guid.NewGuid()}@example.com";
        var account = await anybody.SignUpAsync(new SignUpRequest { Name = "Ana", Email = email, Password = "a-long-password" });
        Same(account.Email, email, "address of the account");
        var ana = await SignInAsync(address, email, "a-long-password");

        var request = new RequestOrderRequest { EventId = draft.Id, Quantity = 2, ExpectedTotal = 24_000 };
        var dear = await RefusedAsync(() => ana.RequestOrderAsync(body: request));
        Same((dear.Status, dear.Code, dear.Total), (409, "price-changed", 26_400), "refusal");
        request.ExpectedTotal = dear.Total;
        var order = await ana.RequestOrderAsync(idempotency_Key: "tour", body: request);
        Same(order.Payment, null, "payment before any");
        var payment = await ana.PayOrderAsync(order.Id, new PayOrderRequest { Method = PaymentMethod.Card, Token = "tok_approve" });
        Same(payment.Status, PaymentStatus.Awaiting_confirmation, "status of the payment");
        var paid = await SettledAsync(ana, order.Id);
        Same((paid.Status, paid.Payment?.Status), (OrderStatus.Paid, OrderPaymentStatus.Paid), "status of the order and of its payment");

        var mine = await ana.ListOrdersAsync(limit: 1);
        Same(mine.NextCursor, null, "cursor of the last page");
        var refused = await RefusedAsync(() => ana.SignUpAsync(new SignUpRequest { Name = "-", Email = "no address", Password = "long-enough" }));
        Same(refused.Errors?["email"].Count, 1, "messages about the address");
        var canceled = await ana.CancelOrderAsync(order.Id);
        Same(canceled.Status, OrderStatus.Refunded, "status after the cancellation");
        return "The tour is over.";
    }

    private static async Task<TicketBoothClient> SignInAsync(Uri address, string email, string password)
    {
        var tokens = await Client(address, token: null).RequestTokenAsync(new RequestTokenRequest { Email = email, Password = password });
        return Client(address, tokens.AccessToken);
    }

    private static TicketBoothClient Client(Uri address, string? token)
    {
        var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return new TicketBoothClient(http);
    }

    private static async Task<ProblemDetails> RefusedAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ApiException<ProblemDetails> refusal)
        {
            return refusal.Result;
        }

        throw new InvalidOperationException("The call was not refused.");
    }

    private static async Task<OrderView> SettledAsync(TicketBoothClient client, Guid id)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            var order = await client.GetOrderAsync(id);
            if (order.Status != OrderStatus.On_payment)
            {
                return order;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("The order stays on payment.");
    }

    private static void Same<T>(T actual, T expected, string what)
    {
        if (!Equals(actual, expected))
        {
            throw new InvalidOperationException($"{what}: {actual} instead of {expected}");
        }
    }
}
