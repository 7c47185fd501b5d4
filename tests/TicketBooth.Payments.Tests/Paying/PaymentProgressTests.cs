using System.Collections;
using System.Globalization;
using System.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Paying;
using GetPaymentProgress = TicketBooth.Payments.Contracts.GetPaymentProgress;

namespace TicketBooth.Payments.Tests.Paying;

/// <summary>What a buyer needs to go on after a reload.</summary>
[TestFixture]
internal sealed class PaymentProgressTests
{
    private static readonly NextAction Step = new("redirect", "https://bank.example/3ds", "secret");
    private static readonly CultureInfo Portuguese = CultureInfo.GetCultureInfo("pt-BR");

    private FakeGateway gateway = null!;
    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;
    private FakeOrder order = null!;

    [SetUp]
    public async Task StartAsync()
    {
        gateway = new FakeGateway();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        payments = await PaymentsHost.StartAsync(clock, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
        order = payments.Booking.NewOrder();
    }

    [TearDown]
    public async Task StopAsync() => await payments.DisposeAsync();

    [Test]
    public async Task Tells_the_code_by_pix_and_until_when_it_is_to_be_paid()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", "000201..."));
        var id = await PayAsync("""{"method":"pix"}""");

        var progress = await ProgressAsync(id);

        Assert.That(progress.Method, Is.EqualTo(PaymentMethod.Pix));
        Assert.That(progress.Pix, Is.EqualTo(new PixView("000201...", $"/api/v1/orders/{order.Id}/payment/qr.svg")));
        Assert.That(progress.ExpiresAt, Is.EqualTo(clock.GetUtcNow().AddMinutes(15)));
        Assert.That((progress.NextAction, progress.LastDecline, progress.AttemptsLeft), Is.EqualTo(((NextActionView?)null, (DeclineView?)null, (int?)5)));
        Assert.That(gateway.Asked, Is.Zero, "what this host knows needs no gateway");
    }

    [Test]
    public async Task Tells_the_step_that_a_card_waits_for_and_nothing_of_it_afterwards()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", null, Step));
        var id = await PayAsync("""{"method":"card","token":"tok_one"}""");

        Assert.That((await ProgressAsync(id)).NextAction, Is.EqualTo(new NextActionView(Step.Type, Step.Url, Step.ClientSecret)));

        await payments.WebhookAsync((await payments.Store.FindAsync(id))!, "payment.declined");
        var after = await ProgressAsync(id);
        Assert.That((after.NextAction, after.LastDecline?.Code, after.AttemptsLeft), Is.EqualTo(((NextActionView?)null, "declined", (int?)4)));
    }

    [Test]
    public async Task Asks_the_gateway_about_a_payment_whose_acceptance_only_another_host_knows()
    {
        var stored = await payments.KeepPaymentAsync();
        gateway.Standing = FakeGateway.Known(ChargeState.ActionRequired, stored.Amount) with { NextAction = Step };

        var progress = await payments.SendAsync(new GetPaymentProgress(stored.OrderId, stored.Id, Guid.CreateVersion7()));

        Assert.That(progress.Value.NextAction?.Url, Is.EqualTo(Step.Url));
    }

    [Test]
    public async Task Waits_for_no_gateway_that_does_not_answer()
    {
        var stored = await payments.KeepPaymentAsync();
        var asked = new TaskCompletionSource();
        gateway.OnGet = async token =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new ChargeStanding.Unreachable();
        };

        var progress = payments.SendAsync(new GetPaymentProgress(stored.OrderId, stored.Id, Guid.CreateVersion7()));
        await asked.Task;
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((await progress).Value.NextAction, Is.Null);
    }

    [TestCase(null, "The card has not enough money for this payment. Use another card.")]
    [TestCase("pt-BR", "O cartão não tem saldo suficiente para este pagamento. Use outro cartão.")]
    public async Task Tells_the_last_decline_in_the_buyers_words(string? language, string words)
    {
        await payments.KeepDeclineAsync(order, "declined", ago: TimeSpan.FromMinutes(3));
        await payments.KeepDeclineAsync(order, "insufficient-funds", ago: TimeSpan.FromMinutes(2));
        await payments.KeepDeclineAsync(order, "superseded", ago: TimeSpan.FromMinutes(1));
        var id = await PayAsync("""{"method":"card","token":"tok_one"}""");

        var progress = await ProgressAsync(id, language is null ? null : CultureInfo.GetCultureInfo(language));

        Assert.That(progress.LastDecline, Is.EqualTo(new DeclineView("insufficient-funds", words, clock.GetUtcNow().AddMinutes(-2))));
        Assert.That(progress.AttemptsLeft, Is.EqualTo(3));
    }

    [Test]
    public async Task Counts_what_the_buyer_has_left_on_other_orders_too()
    {
        for (var i = 0; i < 8; i++)
        {
            await payments.KeepDeclineAsync(payments.Booking.NewOrder(buyer: order.Buyer));
        }

        Assert.That((await ProgressAsync(await PayAsync("""{"method":"card","token":"tok_one"}"""))).AttemptsLeft, Is.EqualTo(2));
    }

    [Test]
    public async Task Knows_no_payment_of_another_order()
    {
        var stored = await payments.KeepPaymentAsync();

        var progress = await payments.SendAsync(new GetPaymentProgress(order.Id, stored.Id, order.Buyer));

        Assert.That(progress.Error?.Code, Is.EqualTo("payment-not-found"));
    }

    [Test]
    public void Every_word_is_translated_and_an_unknown_reason_has_words_too()
    {
        var texts = new ResourceManager(typeof(DeclineWords));
        var english = Keys(texts, CultureInfo.InvariantCulture);

        Assert.That(english, Does.Contain("abandoned").And.Contain("other-amount").And.Contain("gateway-unavailable").And.Contain("insufficient-funds"));
        Assert.That(Keys(texts, Portuguese), Is.EquivalentTo(english));
        Assert.That(DeclineWords.Of("something-new", Portuguese), Is.EqualTo(DeclineWords.Of("declined", Portuguese)).And.StartsWith("O pagamento"));
    }

    private static IEnumerable<string> Keys(ResourceManager texts, CultureInfo language) =>
        texts.GetResourceSet(language, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>().Select(entry => (string)entry.Key);

    private async Task<Guid> PayAsync(string body)
    {
        var (response, answer) = await payments.PayAsync(order, body);
        using var _ = response;
        Assert.That((int)response.StatusCode, Is.EqualTo(202), answer?.ToJsonString());
        return (Guid)answer!["paymentId"]!;
    }

    private async Task<PaymentProgress> ProgressAsync(Guid paymentId, CultureInfo? language = null) =>
        (await payments.SendAsync(new GetPaymentProgress(order.Id, paymentId, order.Buyer, language))).Value;
}
