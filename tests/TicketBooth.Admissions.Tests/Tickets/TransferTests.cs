using System.Text.Json.Nodes;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Admissions.Tickets;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Testing;

namespace TicketBooth.Admissions.Tests.Tickets;

[TestFixture]
internal sealed class TransferTests
{
    private const string Bia = "bia@example.com";

    private AdmissionsHost host = null!;

    [OneTimeSetUp]
    public async Task Start() => host = await AdmissionsHost.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task A_ticket_that_is_accepted_is_another_persons_under_a_new_code()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1, 2);
        var former = (await host.CodesAsync(order))[1];
        var bia = Guid.CreateVersion7();
        var (offered, transferId) = await OfferAsync(order);
        using var door = host.Door();

        Assert.That(offered, Is.EqualTo(200));
        Assert.That(await AdmissionsHost.OutcomeAsync(door, former), Is.EqualTo("in_transfer"));
        Assert.That((await OfferAsync(order)).Status, Is.EqualTo(409), "no other offer meanwhile");
        Assert.That((await AnswerAsync(transferId, bia, Bia, accepts: true)).IsSuccess, Is.True);
        Assert.That((await AnswerAsync(transferId, bia, Bia, accepts: true)).Error!.Code, Is.EqualTo("transfer-not-found"));

        using var theirs = host.ClientOf(bia);
        var (_, list) = await AdmissionsHost.AskAsync(theirs, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}/tickets");
        var code = (string)list!["items"]!.AsArray().Single()!["code"]!;
        Assert.That((await host.CodesAsync(order))[1], Is.Empty, "the buyer has it no more");
        Assert.That((await AdmissionsHost.OutcomeAsync(door, former), await AdmissionsHost.OutcomeAsync(door, code)), Is.EqualTo(("void", "admitted")));
    }

    [Test]
    public async Task An_offer_is_declined_or_taken_back_and_the_code_is_good_again()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        var code = (await host.CodesAsync(order))[1];
        var (_, first) = await OfferAsync(order);

        Assert.That((await AnswerAsync(first, Guid.CreateVersion7(), "other@example.com", accepts: true)).Error!.Code, Is.EqualTo("transfer-not-found"));
        Assert.That((await AnswerAsync(first, Guid.CreateVersion7(), "other@example.com", accepts: false)).Error!.Code, Is.EqualTo("transfer-not-found"));
        Assert.That((await AnswerAsync(first, Guid.CreateVersion7(), "BIA@example.com", accepts: false)).Value.Accepted, Is.False);
        var (_, second) = await OfferAsync(order);
        Assert.That((await AnswerAsync(second, order.BuyerId, "ana@example.com", accepts: false)).IsSuccess, Is.True);

        using var door = host.Door();
        Assert.That(await AdmissionsHost.OutcomeAsync(door, code), Is.EqualTo("admitted"));
        Assert.That((await OfferAsync(order)).Status, Is.EqualTo(409), "it was used");
    }

    [Test]
    public async Task A_ticket_is_transferred_once_unless_the_event_says_otherwise()
    {
        var show = host.NewEvent();
        var order = await host.PaidAsync(show, 1);
        var bia = Guid.CreateVersion7();
        await AnswerAsync((await OfferAsync(order)).TransferId, bia, Bia, accepts: true);

        Assert.That((await OfferAsync(order, bia)).Status, Is.EqualTo(409));
        await host.SendAsync(new ChangeDoorRules(show.Id, new DoorRules(Transfers: 2)));
        Assert.That((await OfferAsync(order, bia)).Status, Is.EqualTo(200));
        Assert.That((await OfferAsync(order)).Status, Is.EqualTo(409), "the buyer has given it away");
    }

    [Test]
    public async Task A_ticket_is_not_offered_for_ever()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        var offers = 0;
        while (offers < 100 && await OfferAsync(order) is { Status: 200, TransferId: var transferId })
        {
            offers++;
            await AnswerAsync(transferId, order.BuyerId, "ana@example.com", accepts: false);
        }

        Assert.That(offers, Is.InRange(20, 25), "each sends two mails to addresses that the owner chooses");
        Assert.That((await OfferAsync(order)).Status, Is.EqualTo(409));
    }

    [Test]
    public async Task A_phone_without_a_network_knows_what_is_offered()
    {
        var show = host.NewEvent();
        var order = await host.PaidAsync(show, 1);
        await host.CodesAsync(order);
        var (_, transferId) = await OfferAsync(order);

        // A door is made once a second.
        await Eventually.Async(StateAsync, state => state == ("[1]", """[{"number":1,"below":2}]"""), "the offer to be known at the door");
        await AnswerAsync(transferId, order.BuyerId, "ana@example.com", accepts: false);
        await Eventually.Async(StateAsync, state => state == ("[]", "[]"), "the code to be good again");

        async Task<(string, string)> StateAsync()
        {
            using var door = host.Door();
            var (_, state) = await AdmissionsHost.AskAsync(door, HttpMethod.Get, $"/api/v1/events/{show.Id}/door");
            return (state!["inTransfer"]!.ToJsonString(), state["revocations"]!.ToJsonString());
        }
    }

    [Test]
    public async Task Whoever_was_let_in_does_not_cancel_the_order_by_themselves()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1, 2);
        var codes = await host.CodesAsync(order);

        Assert.That(await ObstacleAsync(), Is.Null);
        using var door = host.Door();
        await AdmissionsHost.OutcomeAsync(door, codes[2]);
        Assert.That(await ObstacleAsync(), Is.EqualTo("ticket-checked-in"));

        async Task<string?> ObstacleAsync() => (await host.Get<ICancelObstacle>().FindAsync(order.OrderId, CancellationToken.None))?.Code;
    }

    [Test]
    public async Task A_refund_ends_the_offer()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        var (_, transferId) = await OfferAsync(order);
        await host.RefundedAsync(order);

        Assert.That((await AnswerAsync(transferId, Guid.CreateVersion7(), Bia, accepts: true)).Error!.Code, Is.EqualTo("transfer-not-found"));
    }

    [Test]
    public async Task Only_a_confirmed_address_answers_and_a_token_from_before_is_good_once_it_is()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        var (_, transferId) = await OfferAsync(order);
        var bia = Guid.CreateVersion7();

        var accepted = await AnswerAsync(transferId, bia, Bia, accepts: true, isConfirmed: false);
        var declined = await AnswerAsync(transferId, bia, Bia, accepts: false, isConfirmed: false);
        var other = await AnswerAsync(transferId, Guid.CreateVersion7(), "other@example.com", accepts: true, isConfirmed: false);
        using var client = host.ClientOf(bia);
        var before = await AdmissionsHost.AskAsync(client, HttpMethod.Post, $"/api/v1/transfers/{transferId}/accept");
        host.Neighbours.Users[bia] = Account(bia, Bia, isConfirmed: true);
        var after = await AdmissionsHost.AskAsync(client, HttpMethod.Post, $"/api/v1/transfers/{transferId}/accept");

        Assert.Multiple(() =>
        {
            Assert.That((accepted.Error?.Code, declined.Error?.Code), Is.EqualTo(("email-not-confirmed", "email-not-confirmed")));
            Assert.That(other.Error?.Code, Is.EqualTo("transfer-not-found"));
            Assert.That((before.Status, (string?)before.Body!["code"]), Is.EqualTo((409, "email-not-confirmed")));
            Assert.That((after.Status, (bool?)after.Body!["accepted"]), Is.EqualTo((200, true)));
        });
    }

    [TestCase("nobody")]
    [TestCase("a b@example.com")]
    [TestCase("bia@example.com\nBcc: all@example.com")]
    [TestCase("bia@example.com\u202e")]
    [TestCase("b\u0131a@example.com")]
    public async Task What_is_no_address_gets_no_offer(string email)
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        using var client = host.ClientOf(order.BuyerId);

        var (status, body) = await AdmissionsHost.AskAsync(
            client, HttpMethod.Post, $"/api/v1/orders/{order.OrderId}/tickets/{order.Tickets[0].Id}/transfer", new JsonObject { ["email"] = email });

        Assert.That((status, (string?)body!["code"], body["errors"]!["email"] is not null), Is.EqualTo((422, "validation-failed", true)));
    }

    private Task<BuildingBlocks.Kernel.Result<TransferredTicket>> AnswerAsync(
        Guid transferId, Guid user, string email, bool accepts, bool isConfirmed = true)
    {
        host.Neighbours.Users[user] = Account(user, email, isConfirmed);
        return host.SendAsync(new AnswerTransfer.Command(transferId, user, accepts));
    }

    private static UserView Account(Guid id, string email, bool isConfirmed) =>
        new(id, "Somebody", email, [Roles.Customer], HasSecondFactor: false) { IsEmailConfirmed = isConfirmed };

    private async Task<(int Status, Guid TransferId)> OfferAsync(OrderFacts order, Guid? owner = null)
    {
        using var client = host.ClientOf(owner ?? order.BuyerId, Roles.Customer);
        var (status, body) = await AdmissionsHost.AskAsync(
            client, HttpMethod.Post, $"/api/v1/orders/{order.OrderId}/tickets/{order.Tickets[0].Id}/transfer", new JsonObject { ["email"] = Bia });
        return (status, status == 200 ? (Guid)body!["transferId"]! : Guid.Empty);
    }
}
