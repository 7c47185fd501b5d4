using System.Net;
using System.Text.Json;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Orders;

/// <summary>What administrators see of tickets that they take off sale.</summary>
internal sealed partial class OrderEndpointsTests
{
    [Test]
    public async Task Tickets_are_taken_off_sale_listed_and_released()
    {
        using var admin = host.User(host.NewId(), Roles.Admin);
        var sale = host.Events.Publish(6);

        var held = await BlockAsync(admin, sale, new { kind = "hold", numbers = "2, 1", reason = " A camera. " });
        var refused = await buyer.OrderAsync(new { ticketIds = sale.TicketIds(2) });
        var best = await buyer.OrderAsync(new { eventId = sale.Id, quantity = 1 });
        var named = await BlockAsync(admin, sale, new { kind = "hold", numbers = "1-4", reason = "More." });
        var withdrawn = await BlockAsync(admin, sale, new { kind = "kill", tierId = sale.Tiers[0].Id, quantity = 2, reason = "A broken row." });
        var fewer = await BlockAsync(admin, sale, new { kind = "hold", tierId = sale.Tiers[0].Id, quantity = 2, reason = "More." });
        var released = await ReleaseAsync(admin, sale, held.Id());
        var kept = await ReleaseAsync(admin, sale, withdrawn.Id());
        var listed = await admin.GetAnswerAsync($"/api/v1/events/{sale.Id}/ticket-blocks?limit=1");
        var second = await admin.GetAnswerAsync($"/api/v1/events/{sale.Id}/ticket-blocks?limit=1&cursor={listed.Body!["nextCursor"]}");

        Assert.That(held.Outcome, Is.EqualTo("201"), held.Text);
        Assert.That(((string?)held.Body!["numbers"], (int)held.Body["tickets"]!, (string?)held.Body["reason"]), Is.EqualTo(("1-2", 2, "A camera.")));
        Assert.That(refused.Outcome, Is.EqualTo("409 ticket-taken"));
        Assert.That((int)best.Body!["tickets"]![0]!["number"]!, Is.EqualTo(3));
        Assert.That(named.Outcome, Is.EqualTo("409 tickets-unavailable"));
        Assert.That(named.Body!["ids"]!.AsArray().Select(id => (string?)id), Is.EqualTo(sale.TicketIds(1, 2, 3).Select(id => id.ToString())));
        Assert.That((string?)withdrawn.Body!["numbers"], Is.EqualTo("4-5"));
        Assert.That((fewer.Outcome, (int)fewer.Body!["available"]!), Is.EqualTo(("409 not-enough-tickets", 1)));
        Assert.That(released, Is.EqualTo((HttpStatusCode.OK, "")));
        Assert.That(kept, Is.EqualTo((HttpStatusCode.UnprocessableEntity, "tickets-withdrawn")));
        Assert.That((await buyer.OrderAsync(new { ticketIds = sale.TicketIds(1, 2) })).Outcome, Is.EqualTo("201"));
        var items = listed.Body["items"]!.AsArray().Concat(second.Body!["items"]!.AsArray()).ToList();
        Assert.That(
            items.Select(item => ((Guid)item!["id"]!, item["releasedAt"] is null)), Is.EquivalentTo(new[] { (held.Id(), false), (withdrawn.Id(), true) }));
    }

    [Test]
    public async Task A_block_with_a_key_is_made_once()
    {
        using var admin = host.User(host.NewId(), Roles.Admin);
        var sale = host.Events.Publish(6);
        var body = new { kind = "hold", tierId = sale.Tiers[0].Id, quantity = 2, reason = "The sponsor." };

        var first = await BlockAsync(admin, sale, body, "once");
        var again = await BlockAsync(admin, sale, body, "once");

        Assert.That((again.Outcome, again.Id()), Is.EqualTo(("201", first.Id())));
    }

    [Test]
    public async Task Only_administrators_take_tickets_off_sale_and_only_with_a_reason_and_tickets_that_exist()
    {
        using var admin = host.User(host.NewId(), Roles.Admin);
        using var clerk = host.User(host.NewId(), Roles.Clerk);
        var sale = host.Events.Publish(3);
        var tier = sale.Tiers[0].Id;
        var canceled = host.Events.Change(host.Events.Publish(3).Id, known => known with { IsCanceled = true });

        Assert.That((await BlockAsync(clerk, sale, new { kind = "hold", numbers = "1", reason = "Mine." })).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        foreach (var (body, outcome) in new (object Body, string Outcome)[]
        {
            (new { kind = "hold", numbers = "1", reason = " " }, "422 validation-failed"),
            (new { kind = "hold", numbers = "one", reason = "x" }, "422 validation-failed"),
            (new { kind = "hold", reason = "x" }, "422 validation-failed"),
            (new { kind = "hold", numbers = "1", tierId = tier, quantity = 1, reason = "x" }, "422 validation-failed"),
            (new { kind = "hold", tierId = tier, quantity = 0, reason = "x" }, "422 validation-failed"),
            (new { kind = "hold", numbers = "3-4", reason = "x" }, "404 ticket-not-found"),
            (new { kind = "hold", tierId = Guid.Empty, quantity = 1, reason = "x" }, "404 tier-not-found"),
        })
        {
            Assert.That((await BlockAsync(admin, sale, body)).Outcome, Is.EqualTo(outcome), JsonSerializer.Serialize(body));
        }

        Assert.That((await BlockAsync(admin, canceled, new { kind = "hold", numbers = "1", reason = "x" })).Outcome, Is.EqualTo("422 event-canceled"));
        Assert.That(await ReleaseAsync(admin, sale, TaggedId.New(BookingBench.Start, 1)), Is.EqualTo((HttpStatusCode.NotFound, "ticket-block-not-found")));
    }

    private static Task<Answer> BlockAsync(HttpClient client, EventForSale sale, object body, string? key = null) =>
        client.PostTextAsync($"/api/v1/events/{sale.Id}/ticket-blocks", JsonSerializer.Serialize(body), key);

    private static async Task<(HttpStatusCode Status, string Code)> ReleaseAsync(HttpClient client, EventForSale sale, Guid blockId)
    {
        using var answer = await client.DeleteAsync(new Uri($"/api/v1/events/{sale.Id}/ticket-blocks/{blockId}", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, JsonDocument.Parse(text).RootElement.TryGetProperty("code", out var code) ? code.GetString()! : "");
    }
}
