using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>A ticket that is given to somebody else, in the whole host: who is told what by mail, and what staff see of it.</summary>
internal sealed class TransferMailTests
{
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await DashboardHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await host.DisposeAsync();

    [Test]
    public async Task An_offer_is_mailed_to_its_receiver_and_each_answer_to_whoever_has_offered()
    {
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody()))["id"]!;
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{eventId}/door-rules", new JsonObject { ["transfers"] = 3 });
        var owner = await TicketBoothApi.NewBuyerAsync(host);
        await owner.SendAsync(HttpMethod.Put, "/api/v1/accounts/me", new JsonObject { ["language"] = "en" });
        var receiver = await TicketBoothApi.NewBuyerAsync(host);
        var to = (string)(await receiver.GetAsync("/api/v1/accounts/me"))["email"]!;
        await Mailbox.ConfirmAsync(host, to);
        var order = (string)(await owner.OrderAsync(eventId))["id"]!;
        await owner.PayAsync(order);
        await owner.WaitForOrderAsync(order, "paid");
        var ticket = (string)(await owner.GetAsync($"/api/v1/orders/{order}/tickets"))["items"]![0]!["ticketId"]!;

        var offers = new List<string>();
        foreach (var (who, answer) in new[] { (owner, "decline"), (receiver, "decline"), (receiver, "accept") })
        {
            var offered = await owner.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order}/tickets/{ticket}/transfer", new JsonObject { ["email"] = to });
            offers.Add((string)offered["transferId"]!);
            await who.SendAsync(HttpMethod.Post, $"/api/v1/transfers/{offers[^1]}/{answer}");
        }

        var mails = await Eventually.Async(
            () => Task.FromResult(MailsAbout(to)), found => found.Count == 6, "three offers and three answers");
        Assert.Multiple(() =>
        {
            foreach (var offer in offers)
            {
                Assert.That(mails.Count(mail => mail.Contains($"To: {to}", StringComparison.Ordinal) && mail.Contains(offer, StringComparison.Ordinal)), Is.EqualTo(1), offer);
            }

            foreach (var said in new[] { "You took back", "was declined", "was accepted" })
            {
                Assert.That(mails.Count(mail => mail.Contains($"Subject: {(said[0] == 'Y' ? said : "Your ticket for Bossa Nova Night " + said)}", StringComparison.Ordinal)), Is.EqualTo(1), said);
            }
        });
        using var staff = await Browser.AdminAsync(host);
        Assert.That((await staff.GetAsync("/backoffice/mails")).Text, Does.Contain("Ticket offered").And.Contain("Ticket accepted").And.Contain("Offer of a ticket taken back"));
    }

    /// <summary>The mails about the show with an address in them: to whom a ticket was offered.</summary>
    private List<string> MailsAbout(string address) =>
        Mailbox.Read(host).FindAll(mail => mail.Contains(address, StringComparison.Ordinal) && mail.Contains("Bossa Nova Night", StringComparison.Ordinal));
}
