using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using PayOrder = TicketBooth.Payments.Contracts.PayOrder;

namespace TicketBooth.Payments.Tests.Paying;

/// <summary>Attempts are refused when too many were declined: of an order, or of a buyer within an hour.</summary>
[TestFixture]
internal sealed class AttemptLimitsTests
{
    private const string Card = """{"method":"card","token":"tok_one"}""";
    private const int Racers = 4;
    private const int CardsOfEach = 50;
    private const string Pix = """{"method":"pix"}""";

    private FakeGateway gateway = null!;
    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;
    private string? kept;

    [SetUp]
    public async Task StartAsync()
    {
        gateway = new FakeGateway();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        payments = await HostAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await payments.DisposeAsync();
        if (kept is { } used)
        {
            Directory.Delete(used, recursive: true);
        }

        kept = null;
    }

    [Test]
    public async Task An_order_is_refused_until_its_hold_ends_when_five_attempts_were_declined()
    {
        var order = payments.Booking.NewOrder();
        for (var i = 0; i < 5; i++)
        {
            var id = await AcceptedAsync(order);
            clock.Advance(TimeSpan.FromMinutes(1));
            await payments.WebhookAsync((await payments.Store.FindAsync(id))!, "payment.declined");
        }

        payments.Booking.UnderWay[order.Id] = (await payments.Store.ListAsync(Guid.Empty, 10)).Max(stored => stored.Payment.Id);

        // The last of them began four minutes after the first, and was told that the hold ends 15 minutes later.
        Assert.That(await OutcomeAsync(order), Is.EqualTo(("429 too-many-attempts", (int?)14 * 60)));
        Assert.That(gateway.Charges, Has.Count.EqualTo(5));
        Assert.That(await OutcomeAsync(payments.Booking.NewOrder(buyer: order.Buyer)), Is.EqualTo(("202", (int?)null)), "another order of the buyer");
        Assert.That(await OutcomeAsync(payments.Booking.NewOrder()), Is.EqualTo(("202", (int?)null)), "another buyer");
    }

    [Test]
    public async Task A_buyer_is_refused_until_the_oldest_of_ten_declines_is_an_hour_ago()
    {
        var buyer = await DeclinedBuyerAsync(10);

        var (outcome, wait) = await OutcomeAsync(payments.Booking.NewOrder(buyer: buyer));
        Assert.That((outcome, wait), Is.EqualTo(("429 too-many-attempts", (int?)60 * 50)));
        Assert.That(await OutcomeAsync(payments.Booking.NewOrder()), Is.EqualTo(("202", (int?)null)), "another buyer");

        clock.Advance(TimeSpan.FromSeconds(wait!.Value - 1));
        Assert.That(await OutcomeAsync(payments.Booking.NewOrder(buyer: buyer)), Is.EqualTo(("429 too-many-attempts", (int?)1)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await OutcomeAsync(payments.Booking.NewOrder(buyer: buyer))).Outcome, Is.EqualTo("202"));
    }

    private static IEnumerable<string> NotTheBuyers() => Decline.NotTheBuyers;

    [TestCase("gateway-unavailable")]
    [TestCase("abandoned")]
    [TestCase("superseded")]
    [TestCase("canceled")]
    [TestCase("no-answer")]
    [TestCase("other-amount")]
    [TestCase("pix-needs-brl")]
    [TestCase("amount-not-payable")]
    [TestCase("method-unavailable")]
    [TestCase("card-try-again")]
    public void A_failure_of_the_systems_or_the_forms_is_not_the_buyers(string reason) => Assert.That(NotTheBuyers(), Does.Contain(reason));

    [TestCase("declined")]
    [TestCase("card-declined")]
    [TestCase("card-data-wrong")]
    [TestCase("insufficient-funds")]
    [TestCase("unknown-token")]
    public void A_refused_card_is_the_buyers(string reason) => Assert.That(NotTheBuyers(), Does.Not.Contain(reason));

    [TestCaseSource(nameof(NotTheBuyers))]
    public async Task What_is_not_the_cards_failure_does_not_count(string reason)
    {
        var order = payments.Booking.NewOrder();
        for (var i = 0; i < 20; i++)
        {
            await payments.KeepDeclineAsync(order, reason);
        }

        Assert.That((await OutcomeAsync(order)).Outcome, Is.EqualTo("202"));
    }

    [Test]
    public async Task A_decline_that_was_wrong_does_not_count()
    {
        var order = payments.Booking.NewOrder();
        for (var i = 0; i < 5; i++)
        {
            await payments.KeepDeclineAsync(order);
        }

        var wrong = (await payments.Store.ListAsync(Guid.Empty, 1))[0].Payment;
        await payments.WebhookAsync(wrong);

        Assert.That((await OutcomeAsync(order)).Outcome, Is.EqualTo("202"), "Booking decides about it now");
    }

    [Test]
    public async Task Both_limits_can_be_switched_off()
    {
        await payments.DisposeAsync();
        payments = await HostAsync(settings: [("Payments:MaxDeclinesPerOrder", "0"), ("Payments:MaxDeclinesPerBuyerPerHour", "0")]);
        var order = payments.Booking.NewOrder();
        for (var i = 0; i < 20; i++)
        {
            await payments.KeepDeclineAsync(order);
        }

        Assert.That((await OutcomeAsync(order)).Outcome, Is.EqualTo("202"));
    }

    [Test]
    public async Task Declines_count_after_a_restart()
    {
        kept = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        await payments.DisposeAsync();
        payments = await HostAsync(kept);
        var buyer = await DeclinedBuyerAsync(10);
        await payments.DisposeAsync();

        payments = await HostAsync(kept);

        Assert.That((await OutcomeAsync(payments.Booking.NewOrder(buyer: buyer))).Outcome, Is.EqualTo("429 too-many-attempts"));
    }

    [Test]
    public async Task A_request_that_comes_again_gets_its_first_answer_although_the_buyer_must_wait()
    {
        var order = payments.Booking.NewOrder();
        var again = new PayOrder(order.Id, order.Buyer, PaymentMethod.Card, "tok_one", Guid.CreateVersion7(clock.GetUtcNow()));
        gateway.Standing = FakeGateway.Known(ChargeState.Declined, order.Total);
        var first = await payments.SendAsync(again);
        await payments.WebhookAsync((await payments.Store.FindAsync(first.Value.PaymentId))!, "payment.declined");
        await DeclinedBuyerAsync(10, order.Buyer);

        Assert.That((await payments.SendAsync(again)).Value, Is.EqualTo(first.Value));
    }

    [Test]
    public async Task The_attempt_that_runs_is_of_use_although_the_buyer_must_wait()
    {
        var order = payments.Booking.NewOrder();
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", "000201..."));
        var running = payments.Booking.UnderWay[order.Id] = await AcceptedAsync(order, Pix);
        gateway.Standing = FakeGateway.Known(ChargeState.Pending, order.Total);
        await DeclinedBuyerAsync(10, order.Buyer);

        Assert.That(await AcceptedAsync(order, Pix), Is.EqualTo(running));
        Assert.That((await OutcomeAsync(order)).Outcome, Is.EqualTo("429 too-many-attempts"));
        Assert.That(gateway.Canceled, Is.Empty, "it goes on");
        Assert.That((await payments.Store.FindAsync(running))!.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
    }

    [Test]
    public async Task The_limit_hides_no_other_reason_and_tells_nobody_of_anothers_order()
    {
        var order = payments.Booking.NewOrder();
        await DeclinedBuyerAsync(10, order.Buyer);
        var stranger = payments.Booking.NewOrder() with { Buyer = order.Buyer };
        payments.Booking.UnderWay[stranger.Id] = Guid.CreateVersion7();
        Assert.That((await OutcomeAsync(stranger)).Outcome, Is.EqualTo("404 order-not-found"));

        payments.Booking.Facts[order.Id] = new(order.Id, 2, Guid.CreateVersion7(), OrderStatus.Paid, [], order.Total, order.Currency, clock.GetUtcNow(), Guid.CreateVersion7(), false) { BuyerId = order.Buyer };
        payments.Booking.Refusal = Error.Conflict("order-already-paid", "It is.");
        Assert.That((await OutcomeAsync(order)).Outcome, Is.EqualTo("409 order-already-paid"));
    }

    [TestCase(1)]
    [TestCase(6)]
    public async Task Only_what_is_under_way_when_the_last_decline_comes_exceeds_the_limit(int underWay)
    {
        var buyer = await DeclinedBuyerAsync(9);
        var answer = new TaskCompletionSource();
        gateway.OnCreate = async _ =>
        {
            await answer.Task;
            return new ChargeAnswer.Refused(PaymentsErrors.UnknownToken);
        };
        var begun = Enumerable.Range(0, underWay).Select(_ => Task.Run(() => OutcomeAsync(payments.Booking.NewOrder(buyer: buyer)))).ToList();
        await Testing.Eventually.Async(() => Task.FromResult(gateway.Charges.Count), charges => charges == underWay, "all of them to be with the gateway");

        answer.SetResult();
        await Task.WhenAll(begun);

        Assert.That((await OutcomeAsync(payments.Booking.NewOrder(buyer: buyer))).Outcome, Is.EqualTo("429 too-many-attempts"));
        Assert.That(gateway.Charges, Has.Count.EqualTo(underWay), "nobody was let in after them");
    }

    /// <summary>Each of four clients of one buyer pays new orders with wrong cards until it is refused.</summary>
    [Test]
    public async Task Clients_that_race_exceed_the_limit_by_no_more_than_what_is_under_way()
    {
        var refused = await RaceAsync();

        Assert.That(refused, Is.EqualTo(Racers));
        Assert.That(gateway.Charges, Has.Count.InRange(10, 10 + Racers - 1));
    }

    [Test]
    public async Task Without_the_limit_the_same_race_tries_every_card()
    {
        await payments.DisposeAsync();
        payments = await HostAsync(settings: [("Payments:MaxDeclinesPerOrder", "0"), ("Payments:MaxDeclinesPerBuyerPerHour", "0")]);

        var refused = await RaceAsync();

        Assert.That((refused, gateway.Charges.Count), Is.EqualTo((0, Racers * CardsOfEach)), "nothing else stops it");
    }

    /// <summary>How many of the clients were told to wait before they had tried all of their cards.</summary>
    private async Task<int> RaceAsync()
    {
        gateway.OnCreate = async _ =>
        {
            await Task.Yield();
            return new ChargeAnswer.Refused(PaymentsErrors.UnknownToken);
        };
        var buyer = Guid.CreateVersion7();
        var refused = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < CardsOfEach; i++)
            {
                var (outcome, _) = await OutcomeAsync(payments.Booking.NewOrder(buyer: buyer));
                if (outcome == "429 too-many-attempts")
                {
                    return true;
                }

                Assert.That(outcome, Is.EqualTo("422 unknown-token"));
            }

            return false;
        })));
        return refused.Count(one => one);
    }

    private Task<PaymentsHost> HostAsync(string? folder = null, IEnumerable<(string, string)>? settings = null) =>
        PaymentsHost.StartAsync(clock, folder, new FakeBooking(clock) { KnowsAll = true }, settings: settings, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));

    /// <summary>Declined on orders of their own, the oldest ten minutes ago.</summary>
    private async Task<Guid> DeclinedBuyerAsync(int declines, Guid? known = null)
    {
        var buyer = known ?? Guid.CreateVersion7();
        for (var i = 0; i < declines; i++)
        {
            await payments.KeepDeclineAsync(payments.Booking.NewOrder(buyer: buyer), ago: TimeSpan.FromMinutes(10 - (double)i / declines));
        }

        return buyer;
    }

    private async Task<Guid> AcceptedAsync(FakeOrder order, string body = Card)
    {
        var (response, answer) = await payments.PayAsync(order, body);
        using var _ = response;
        Assert.That((int)response.StatusCode, Is.EqualTo(202), answer?.ToJsonString());
        return (Guid)answer!["paymentId"]!;
    }

    private async Task<(string Outcome, int? RetryAfter)> OutcomeAsync(FakeOrder order, string body = Card)
    {
        var (response, problem) = await payments.PayAsync(order, body);
        using var _ = response;
        var wait = response.Headers.TryGetValues("Retry-After", out var values) ? int.Parse(values.Single(), CultureInfo.InvariantCulture) : (int?)null;
        return ($"{(int)response.StatusCode} {(string?)problem?["code"]}".TrimEnd(), wait);
    }
}
