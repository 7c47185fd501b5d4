using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Tests.Ledger;

[TestFixture]
internal sealed class ForgetDeliveriesWorkerTests
{
    [Test]
    public async Task Keeps_a_mark_while_its_delivery_may_be_repeated_and_then_removes_it()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        await using var payments = await PaymentsHost.StartAsync(clock);
        var payment = await payments.KeepPaymentAsync();
        var webhook = new Delivery.Webhook("msg_1", clock.GetUtcNow());
        var first = await ApplyAsync();

        clock.Advance(ForgetDeliveriesWorker.Memory - TimeSpan.FromSeconds(1));
        await payments.Get<ForgetDeliveriesWorker>().RunOnceAsync(CancellationToken.None);
        var kept = await ApplyAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        await payments.Get<ForgetDeliveriesWorker>().RunOnceAsync(CancellationToken.None);
        var removed = await ApplyAsync();

        Assert.That(new[] { first, kept, removed }.Select(outcome => outcome.Repeated), Is.EqualTo(new[] { false, true, false }));

        async Task<Changed> ApplyAsync() => (await payments.Store.ChangeAsync(payment.Id, before => new Step(before), webhook)).Value;
    }

    [Test]
    public async Task Keeps_a_webhook_that_nobody_could_read_for_a_month()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        await using var payments = await PaymentsHost.StartAsync(clock);
        var money = payments.Get<IMoneyStore>();
        await money.AddUnreadAsync(new UnreadWebhook("Stripe", "evt_1", "payout.paid", "{}", clock.GetUtcNow()));

        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await payments.Get<ForgetDeliveriesWorker>().RunOnceAsync(CancellationToken.None);
        var kept = await money.ListUnreadAsync(10);
        clock.Advance(TimeSpan.FromSeconds(2));
        await payments.Get<ForgetDeliveriesWorker>().RunOnceAsync(CancellationToken.None);

        Assert.That((kept.Count, (await money.ListUnreadAsync(10)).Count), Is.EqualTo((1, 0)));
    }
}
