using TicketBooth.Testing;

namespace TicketBooth.Browser.Tests;

/// <summary>A host with an administrator and a buyer; each test has a published event of its own, which the read model knows.</summary>
internal abstract class SaleFixture
{
    protected TestHost Host { get; private set; } = null!;

    protected TicketBoothApi Admin { get; private set; } = null!;

    protected TicketBoothApi Buyer { get; private set; } = null!;

    protected string EventId { get; private set; } = "";

    protected async Task OpenAsync()
    {
        Host = await TestHost.StartAsync();
        Admin = await TicketBoothApi.AdminAsync(Host);
        Buyer = await TicketBoothApi.NewBuyerAsync(Host);
    }

    protected async Task PublishAsync()
    {
        EventId = (string)(await Admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 50, price: 10_000)))["id"]!;
        await Eventually.Async(
            () => Admin.GetAsync("/api/v1/dashboard/summary"),
            summary => summary["events"]!.AsArray().Any(shown => (string?)shown!["id"] == EventId),
            "the event to be in the read model");
    }

    protected async Task CloseAsync()
    {
        Admin.Client.Dispose();
        Buyer.Client.Dispose();
        await Host.DisposeAsync();
    }

    protected async Task<string> PaidAsync(int tickets)
    {
        var order = (string)(await Buyer.OrderAsync(EventId, tickets))["id"]!;
        await Buyer.PayAsync(order);
        await Buyer.WaitForOrderAsync(order, "paid");
        await Eventually.Async(
            () => Admin.GetAsync($"/api/v1/dashboard/orders?search={order}&status=paid"), found => found["items"]!.AsArray().Count == 1, "the read model to know of it");
        return order;
    }
}
