using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>The evening of a show in the whole host: the dashboard follows its doors.</summary>
internal sealed class DoorFigureTests(Provider provider) : DashboardFixture(provider)
{
    private const string AllButAdmissions = "Accounts,Events,Booking,Payments,Dashboard,Notifications";

    [Test]
    public async Task Who_is_inside_has_left_and_is_still_to_come_is_followed_and_rebuilt()
    {
        await using var host = await StartHostAsync();
        var office = await BoxOffice.OpenAsync(host);
        var (eventId, codes) = await SellAsync(office, 4);
        await ScanAsync(office.Admin, codes[0], "in");
        await ScanAsync(office.Admin, codes[1], "in");
        await ScanAsync(office.Admin, codes[1], "out");
        await ScanAsync(office.Admin, codes[2], "in");
        var mistake = await ScanAsync(office.Admin, codes[3], "in");
        await office.Admin.SendAsync(HttpMethod.Post, $"/api/v1/checkins/{mistake}/undo");

        var shown = await DoorAsync(office.Admin, eventId, door => Counts(door) == (2, 1, 1, 3, 1));
        using var staff = await Browser.AdminAsync(host);
        var html = (await staff.GetAsync($"/backoffice/events/{eventId}")).Text;
        var followed = Database.Lines("SELECT EventId, At, Entries, Exits, Came, Inside FROM DashboardDoors WHERE Entries <> 0 OR Exits <> 0 ORDER BY At");
        Database.Sql("DELETE FROM DashboardDoors");
        Database.Sql("UPDATE DashboardPassages SET EventId = '0199E2F0-0000-7000-8000-00000000ABCD', IsUndone = 0");
        await host.App.Services.GetRequiredService<MaintenanceRuns>().RunAsync(RunKind.Rebuild, CancellationToken.None);

        Assert.That(shown["steps"]!.AsArray().All(step => ((DateTimeOffset)step!["at"]!).Minute % 5 == 0));
        Assert.That(html, Does.Contain("Still to come"));
        Assert.That(
            Database.Lines("SELECT EventId, At, Entries, Exits, Came, Inside FROM DashboardDoors WHERE Entries <> 0 OR Exits <> 0 ORDER BY At"), Is.EqualTo(followed));
        Assert.That(Counts(await DoorAsync(office.Admin, eventId, _ => true)), Is.EqualTo((2, 1, 1, 3, 1)), "after the rebuild");
        Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardPassages"), Is.EqualTo(5));
    }

    [Test]
    public async Task Passages_that_the_ledger_does_not_have_are_removed_by_a_rebuild()
    {
        await using var host = await StartHostAsync();
        var office = await BoxOffice.OpenAsync(host);
        var (eventId, codes) = await SellAsync(office, 1);
        await ScanAsync(office.Admin, codes[0], "in");
        await DoorAsync(office.Admin, eventId, door => Counts(door) == (1, 0, 0, 1, 0));
        Database.Sql("UPDATE DashboardPassages SET Id = '0199E2F0-0000-7000-8000-00000000ABCD'");

        await host.App.Services.GetRequiredService<MaintenanceRuns>().RunAsync(RunKind.Rebuild, CancellationToken.None);

        Assert.That(Counts(await DoorAsync(office.Admin, eventId, _ => true)), Is.EqualTo((1, 0, 0, 1, 0)));
        Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardPassages"), Is.EqualTo(1));
    }

    [Test]
    public async Task Without_the_module_of_the_doors_nothing_of_them_shows_and_tickets_print_without_codes()
    {
        await using var host = await StartHostAsync(("Modules", AllButAdmissions));
        var office = await BoxOffice.OpenAsync(host);
        var eventId = await office.PublishAsync();
        await office.Admin.SendAsync(HttpMethod.Post, "/api/v1/shifts", new JsonObject { ["float"] = 0 });
        var order = await office.Admin.SendAsync(HttpMethod.Post, "/api/v1/counter-sales", new JsonObject { ["eventId"] = eventId, ["quantity"] = 2, ["method"] = "cash" });
        var figures = await Eventually.Async(
            () => office.Admin.GetAsync($"/api/v1/dashboard/events/{eventId}"), shown => (int)shown["counterOrders"]! == 1, "the sale to be known");
        await host.App.Services.GetRequiredService<MaintenanceRuns>().RunAsync(RunKind.Rebuild, CancellationToken.None);
        using var staff = await Browser.AdminAsync(host);

        Assert.That(figures["admitted"], Is.Null);
        Assert.That((await staff.GetAsync($"/backoffice/events/{eventId}")).Text, Does.Not.Contain("id=\"door\"").And.Contain("id=\"channels\""));
        var printed = (await staff.GetAsync($"/backoffice/counter/tickets/{order["id"]}")).Text;
        Assert.That(printed, Does.Contain("data-ticket").And.Not.Contain("class=\"qr\""));
    }

    private static (int, int, int, int, int) Counts(JsonNode door) =>
        ((int)door["inside"]!, (int)door["left"]!, (int)door["toCome"]!, Sum(door, "in"), Sum(door, "out"));

    private static int Sum(JsonNode door, string direction) => door["steps"]!.AsArray().Sum(step => (int)step![direction]!);

    private static async Task<JsonNode> DoorAsync(TicketBoothApi admin, string eventId, Func<JsonNode, bool> isSo) =>
        (await Eventually.Async(() => admin.GetAsync($"/api/v1/dashboard/events/{eventId}"), shown => shown["admitted"] is { } door && isSo(door), "the door to be followed"))["admitted"]!;

    /// <summary>An event whose door is open, with tickets that are sold.</summary>
    private static async Task<(string EventId, IReadOnlyList<string> Codes)> SellAsync(BoxOffice office, int tickets)
    {
        var eventId = await office.PublishAsync();
        await office.Admin.SendAsync(
            HttpMethod.Put, $"/api/v1/events/{eventId}/door-rules", new JsonObject { ["opensMinutesBefore"] = 43_200, ["closesMinutesAfter"] = 240, ["reEntry"] = true });
        var order = await office.SellAsync(eventId, 3, tickets);
        var sold = await Eventually.Async(
            () => office.Admin.GetAsync($"/api/v1/orders/{order}/tickets"), found => found["items"]!.AsArray().Count == tickets, "the tickets to be issued");
        await Eventually.Async(() => office.Admin.GetAsync($"/api/v1/dashboard/events/{eventId}"), shown => (int)shown["sold"]! == tickets, "the sale to be known");
        return (eventId, [.. sold["items"]!.AsArray().Select(ticket => (string)ticket!["code"]!)]);
    }

    /// <returns>The scan's id.</returns>
    private static async Task<Guid> ScanAsync(TicketBoothApi door, string code, string direction)
    {
        var scan = Guid.CreateVersion7();
        var answer = await door.SendAsync(HttpMethod.Post, "/api/v1/checkins", new JsonObject { ["scanId"] = scan, ["code"] = code, ["direction"] = direction });
        Assert.That((string)answer["outcome"]!, Is.EqualTo(direction == "in" ? "admitted" : "left"));
        return scan;
    }
}
