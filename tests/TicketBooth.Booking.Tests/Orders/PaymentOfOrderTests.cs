using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Orders;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Tests.Orders;

/// <summary>What an order shows of its payment while it is awaiting payment, so that the buyer can go on after a reload.</summary>
[TestFixture]
internal sealed class PaymentOfOrderTests
{
    private BookingHost host = null!;
    private Guid buyerId;
    private HttpClient buyer = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await BookingHost.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => host.DisposeAsync();

    [SetUp]
    public void SignIn()
    {
        buyerId = host.NewId();
        buyer = host.Buyer(buyerId);
        host.Payments.Broken = null;
        host.Payments.AskedForProgress.Clear();
    }

    [TearDown]
    public void SignOut() => buyer.Dispose();

    [Test]
    public async Task Shows_all_that_is_needed_to_go_on()
    {
        var (order, payment) = await BeginAsync();
        var until = host.Clock.GetUtcNow().AddMinutes(10);
        host.Payments.Progress[payment] = new(
            PaymentMethod.Pix, new PixView("000201...", "/qr.svg"), until, new NextActionView("redirect", "https://bank.example", "secret"),
            new DeclineView("insufficient-funds", "Not enough.", host.Clock.GetUtcNow()), 4);

        var shown = (await buyer.GetAnswerAsync($"/api/v1/orders/{order}")).Body!["payment"]!;

        var expected = new JsonObject
        {
            ["id"] = payment,
            ["status"] = "awaiting_confirmation",
            ["method"] = "pix",
            ["pix"] = new JsonObject { ["code"] = "000201...", ["qrUrl"] = "/qr.svg", ["expiresAt"] = (string?)shown["pix"]!["expiresAt"] },
            ["nextAction"] = new JsonObject { ["type"] = "redirect", ["url"] = "https://bank.example", ["clientSecret"] = "secret" },
            ["lastDecline"] = new JsonObject { ["code"] = "insufficient-funds", ["words"] = "Not enough.", ["at"] = (string?)shown["lastDecline"]!["at"] },
            ["attemptsLeft"] = 4,
        };
        Assert.That(shown.ToJsonString(), Is.EqualTo(expected.ToJsonString()));
        Assert.That((DateTimeOffset)shown["pix"]!["expiresAt"]!, Is.EqualTo(until));
    }

    [Test]
    public async Task Staff_see_no_step_that_is_the_buyers()
    {
        var (order, payment) = await BeginAsync();
        host.Payments.Progress[payment] = Progress() with { NextAction = new NextActionView("redirect", "https://bank.example", "secret") };
        using var clerk = host.User(host.NewId(), Roles.Clerk);

        var shown = (await clerk.GetAnswerAsync($"/api/v1/orders/{order}")).Body!["payment"]!.AsObject();

        Assert.That(((string?)shown["method"], shown.ContainsKey("nextAction")), Is.EqualTo(("card", false)));
    }

    [TestCase("pt-BR,pt;q=0.9,en;q=0.8", true)]
    [TestCase("fr, pt;q=0.5, en;q=0.4", true)]
    [TestCase("PT", true)]
    [TestCase("en-US,en;q=0.9,pt;q=0.8", false)]
    [TestCase("pt;q=0, en", false)]
    [TestCase("*", false)]
    [TestCase("de", false)]
    [TestCase(";;;q=nonsense", false)]
    public async Task Asks_for_words_in_the_language_that_the_client_prefers(string preferred, bool isPortuguese)
    {
        var (order, _) = await BeginAsync();
        buyer.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", preferred);

        await buyer.GetAnswerAsync($"/api/v1/orders/{order}");

        Assert.That(host.Payments.AskedForProgress.Single().Language?.Name, Is.EqualTo(isPortuguese ? "pt-BR" : null));
    }

    [Test]
    public async Task Asks_nothing_for_an_order_without_a_payment_for_a_list_and_for_one_that_is_paid()
    {
        var placed = await buyer.OrderAsync(new { eventId = host.Events.Publish(5).Id, quantity = 1 });
        await buyer.GetAnswerAsync($"/api/v1/orders/{placed.Id()}");
        var (order, payment) = await BeginAsync();
        host.Payments.Progress[payment] = Progress();
        var listed = (await buyer.GetAnswerAsync("/api/v1/orders")).Body!["items"]!.AsArray().Single(one => (Guid)one!["id"]! == order)!;
        await host.ShardOf(order).Lane.RunAsync(
            new ChangeItem(order, inbox: null, (found, now) => PaymentRules.Confirm(found, payment, eventIsCanceled: false, eventHasEnded: false, now)), CancellationToken.None);

        var paid = await buyer.GetAnswerAsync($"/api/v1/orders/{order}");

        var plain = new JsonObject { ["id"] = payment, ["status"] = "awaiting_confirmation" };
        Assert.That(listed["payment"]!.ToJsonString(), Is.EqualTo(plain.ToJsonString()), "lists are as they were");
        Assert.That(paid.Body!["payment"]!.AsObject().Select(field => field.Key), Is.EqualTo(new[] { "id", "status" }));
        Assert.That(host.Payments.AskedForProgress, Is.Empty);
    }

    [Test]
    public async Task Is_shown_without_it_when_payments_does_not_know_or_cannot_be_used()
    {
        var (order, payment) = await BeginAsync();
        var unknown = await buyer.GetAnswerAsync($"/api/v1/orders/{order}");
        host.Payments.Progress[payment] = Progress();
        host.Payments.Broken = () => new StoreNotAnsweringException("The disk is gone.");
        var broken = await buyer.GetAnswerAsync($"/api/v1/orders/{order}");
        host.Payments.Broken = null;
        var whole = await buyer.GetAnswerAsync($"/api/v1/orders/{order}");

        Assert.That((unknown.Outcome, broken.Outcome), Is.EqualTo(("200", "200")));
        Assert.That(broken.Text, Is.EqualTo(unknown.Text));
        Assert.That(whole.Text, Is.Not.EqualTo(unknown.Text));
    }

    [Test]
    public async Task Is_shown_without_it_where_payments_is_not_loaded()
    {
        var order = SampleOrder.UnderWay(host.NewId());
        var alone = new PaymentProgressOf(host.Get<IMediator>(), new Nothing(), host.Get<IOutageDetector>(), NullLogger<PaymentProgressOf>.Instance);

        Assert.That((await alone.AddAsync(order, toBuyer: true, toStaff: false, language: null, CancellationToken.None)).Payment!.Method, Is.Null);
        Assert.That(host.Payments.AskedForProgress, Is.Empty);
    }

    private static PaymentProgress Progress() => new(PaymentMethod.Card, null, BookingBench.Start, null, null, null);

    private async Task<(Guid Order, Guid Payment)> BeginAsync()
    {
        var placed = await buyer.OrderAsync(new { eventId = host.Events.Publish(5).Id, quantity = 1 });
        var payment = host.NewId();
        Assert.That((await host.SendAsync(new Contracts.BeginPayment(placed.Id(), buyerId, payment))).IsSuccess, Is.True);
        return (placed.Id(), payment);
    }

    private sealed class Nothing : IServiceProviderIsService
    {
        public bool IsService(Type serviceType) => false;
    }
}
