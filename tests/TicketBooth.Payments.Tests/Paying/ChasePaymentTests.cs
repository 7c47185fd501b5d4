using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Paying;

[TestFixture]
internal sealed class ChasePaymentTests
{
    private static readonly Actor Clerk = new(Guid.CreateVersion7(), "Carla");

    private FakeTimeProvider clock = null!;
    private FakeGateway gateway = null!;
    private PaymentsHost payments = null!;
    private Payment payment = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        gateway = new FakeGateway();
        payments = await PaymentsHost.StartAsync(clock, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
        payment = await payments.KeepPaymentAsync();
        gateway.Standing = FakeGateway.Known(ChargeState.Pending, payment.Amount);
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task Waits_on_while_the_tickets_are_held()
    {
        clock.SetUtcNow(payment.HoldExpiresAt.AddTicks(-1));

        var standing = await payments.SendAsync(new ChasePayment(payment.OrderId, payment.Id, Clerk));

        Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Pending));
        Assert.That(await payments.Store.FindAsync(payment.Id), Is.EqualTo(payment));
    }

    [Test]
    public async Task Gives_up_what_nobody_waits_for_and_takes_money_that_comes_after_all()
    {
        clock.SetUtcNow(payment.HoldExpiresAt);

        var standing = await payments.SendAsync(new ChasePayment(payment.OrderId, payment.Id, Clerk));
        var again = await payments.SendAsync(new ChasePayment(payment.OrderId, payment.Id, Clerk));
        var givenUp = await payments.Store.FindAsync(payment.Id);
        await payments.WebhookAsync(payment);

        Assert.That((standing.Value, again.Value), Is.EqualTo((PaymentStanding.Declined, PaymentStanding.Declined)));
        Assert.That((givenUp!.Status, givenUp.DeclineReason), Is.EqualTo((PaymentStatus.Declined, "no-answer")));
        Assert.That(payments.Said<PaymentDeclined>().Select(said => said.Reason), Is.EqualTo(new[] { "no-answer" }));
        Assert.That((await payments.Store.FindAsync(payment.Id))!.Status, Is.EqualTo(PaymentStatus.Paid));
        Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Records_what_the_gateway_knows()
    {
        clock.SetUtcNow(payment.HoldExpiresAt);
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount);
        using var clerk = payments.ClientOf(Guid.CreateVersion7(), Roles.Clerk);

        var (response, body) = await PaymentsHost.PostAsync(clerk, $"/api/v1/orders/{payment.OrderId}/payments/{payment.Id}/chase", "");

        Assert.That((response.StatusCode, (string?)body!["standing"]), Is.EqualTo((HttpStatusCode.OK, "confirmed")));
        Assert.That((await payments.Store.FindAsync(payment.Id))!.Status, Is.EqualTo(PaymentStatus.Paid));
    }

    [Test]
    public async Task Knows_no_payment_of_another_order()
    {
        var refused = await payments.SendAsync(new ChasePayment(Guid.CreateVersion7(), payment.Id, Clerk));

        Assert.That(refused.Error?.Code, Is.EqualTo("payment-not-found"));
        Assert.That(gateway.Asked, Is.Zero);
    }

    [Test]
    public async Task Is_for_staff()
    {
        using var buyer = payments.ClientOf(Guid.CreateVersion7());

        var (refused, _) = await PaymentsHost.PostAsync(buyer, $"/api/v1/orders/{payment.OrderId}/payments/{payment.Id}/chase", "");
        var (anonymous, _) = await PaymentsHost.PostAsync(payments.Client, $"/api/v1/orders/{payment.OrderId}/payments/{payment.Id}/chase", "");

        Assert.That((refused.StatusCode, anonymous.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized)));
    }
}
