using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Facts;

[TestFixture]
internal sealed class PaymentFactsTests
{
    [Test]
    public async Task Lists_every_payment_page_by_page()
    {
        await using var payments = await PaymentsHost.StartAsync();
        var kept = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            kept.Add((await payments.KeepPaymentAsync()).Id);
        }

        var listed = new List<Guid>();
        Guid? after = null;
        IReadOnlyList<PaymentFacts> page;
        do
        {
            page = (await payments.SendAsync(new ListPaymentFacts(after, 2))).Value;
            listed.AddRange(page.Select(payment => payment.PaymentId));
            after = page.Count > 0 ? page[^1].PaymentId : null;
        }
        while (page.Count == 2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listed, Is.EquivalentTo(kept));
            Assert.That(listed.Select(id => id.ToString("N")), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        }
    }

    [Test]
    public async Task Tells_what_a_payment_is_and_whether_its_messages_are_delivered()
    {
        await using var payments = await PaymentsHost.StartAsync();
        var paid = await payments.KeepPaymentAsync();
        var due = await payments.KeepPaymentAsync(kept => kept with { RefundReason = "tickets-gone" });
        var refunded = await payments.KeepPaymentAsync(kept => kept with { Status = PaymentStatus.Refunded });
        await payments.WebhookAsync(paid);

        var before = await payments.SendAsync(new GetPaymentFacts([paid.Id, due.Id, refunded.Id, Guid.CreateVersion7()]));
        await payments.DeliverAllAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Value.Select(facts => facts with { ChangedAt = facts.StartedAt, CapturedAt = null }), Is.EquivalentTo(new[]
            {
                new PaymentFacts(paid.Id, paid.OrderId, PaymentStatus.Paid, 12_500, "BRL", RefundDue: false, HasPendingMessages: true) { StartedAt = paid.CreatedAt, ChangedAt = paid.CreatedAt, Gateway = "Sandbox", Captured = 12_500 },
                new PaymentFacts(due.Id, due.OrderId, PaymentStatus.AwaitingConfirmation, 12_500, "BRL", RefundDue: true, HasPendingMessages: false)
                {
                    StartedAt = due.CreatedAt,
                    ChangedAt = due.CreatedAt,
                    RefundReason = "tickets-gone",
                    Gateway = "Sandbox",
                },
                new PaymentFacts(refunded.Id, refunded.OrderId, PaymentStatus.Refunded, 12_500, "BRL", RefundDue: true, HasPendingMessages: false)
                {
                    StartedAt = refunded.CreatedAt,
                    ChangedAt = refunded.CreatedAt,
                    Gateway = "Sandbox",
                    Captured = 12_500,
                    Returned = 12_500,
                },
            }));
            var told = before.Value.Single(facts => facts.PaymentId == paid.Id);
            Assert.That(told.ChangedAt, Is.GreaterThanOrEqualTo(paid.CreatedAt).And.EqualTo(told.CapturedAt));
            Assert.That(
                async () => await Eventually.Async(
                    async () => (await payments.SendAsync(new GetPaymentFacts([paid.Id]))).Value.Single(), facts => !facts.HasPendingMessages, "every module to have it"),
                Throws.Nothing);
        }
    }

    [TestCase(0)]
    [TestCase(1_001)]
    public async Task Refuses_pages_of(int limit)
    {
        await using var payments = await PaymentsHost.StartAsync();

        Assert.That((await payments.SendAsync(new ListPaymentFacts(null, limit))).Error?.Code, Is.EqualTo("validation-failed"));
    }
}
