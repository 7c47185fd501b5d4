using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>Events, orders, accounts and a failed message in the states that requests may meet, and their ids.</summary>
internal sealed class ApiScene
{
    private ApiScene() { }

    public required TicketBoothApi Admin { get; init; }

    public required TicketBoothApi Buyer { get; init; }

    public required string Draft { get; init; }

    public required string Published { get; init; }

    public required string Canceled { get; init; }

    public required string TierId { get; init; }

    public required string TicketId { get; init; }

    public required string OnPayment { get; init; }

    public required string Paid { get; init; }

    public required string PaymentId { get; init; }

    public required string AccountId { get; init; }

    public required string FailedMessage { get; init; }

    public IReadOnlyList<string> Events => [Draft, Published, Published, Canceled];

    public IReadOnlyList<string> Orders => [OnPayment, OnPayment, Paid];

    public static async Task<ApiScene> NewAsync(TestHost host)
    {
        var admin = await TicketBoothApi.AdminAsync(host);
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var draft = await admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(name: "Samba de Roda"));
        var published = await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 500));
        var canceled = await admin.PublishEventAsync(TicketBoothApi.EventBody(name: "Chorinho"));
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{canceled["id"]}/cancel");
        var onPayment = await buyer.OrderAsync((string)published["id"]!, 2);
        var paid = await buyer.OrderAsync((string)published["id"]!, 2);
        var payment = await buyer.PayAsync((string)paid["id"]!);
        await buyer.WaitForOrderAsync((string)paid["id"]!, "paid");
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{published["id"]}/price-adjustments", new JsonObject { ["percentage"] = 10 });
        return new ApiScene
        {
            Admin = admin,
            Buyer = buyer,
            Draft = (string)draft["id"]!,
            Published = (string)published["id"]!,
            Canceled = (string)canceled["id"]!,
            TierId = (string)published["tiers"]![0]!["id"]!,
            TicketId = (string)onPayment["tickets"]![0]!["id"]!,
            OnPayment = (string)onPayment["id"]!,
            Paid = (string)paid["id"]!,
            PaymentId = (string)payment["paymentId"]!,
            AccountId = (string)(await buyer.GetAsync("/api/v1/accounts/me"))["id"]!,
            FailedMessage = await FailAsync(host),
        };
    }

    /// <summary>The body of an example, about what is there.</summary>
    public JsonNode Localized(JsonNode example, Random random)
    {
        foreach (var fields in Objects(example))
        {
            foreach (var (name, value) in IdsOf(random))
            {
                if (fields.ContainsKey(name))
                {
                    fields[name] = value;
                }
            }
        }

        return example;
    }

    private static async Task<string> FailAsync(TestHost host)
    {
        var letters = host.App.Services.GetRequiredService<IDeadLetters>();
        var id = Guid.CreateVersion7();
        var entry = new OutboxEntry(id, "urn:message:TicketBooth.Booking.Contracts:OrderPaid", id, "{}"u8.ToArray(), id, null, TimeProvider.System.GetUtcNow());
        await letters.AddAsync("Events", "booking", entry, "It fails.");
        return (await letters.ListAsync(200))[^1].Number.ToString(CultureInfo.InvariantCulture);
    }

    private IEnumerable<(string Name, JsonNode Value)> IdsOf(Random random) =>
        [("eventId", random.From(Events)), ("tierId", TierId), ("ticketIds", new JsonArray(TicketId)), ("paymentId", PaymentId)];

    private static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node switch
        {
            JsonObject fields => fields.SelectMany(field => Objects(field.Value)).Prepend(fields).ToList(),
            JsonArray items => items.SelectMany(Objects).ToList(),
            _ => [],
        };
}
