using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Paying;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests;

/// <summary>Hosts with the Payments module that share a MongoDB.</summary>
[TestFixture]
internal sealed class SeveralHostsTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
    private MongoDbSpace space = null!;
    private FakeBooking booking = null!;

    [SetUp]
    public void Open()
    {
        space = new MongoDbSpace();
        booking = new FakeBooking(clock);
    }

    [TearDown]
    public async Task DropAsync() => await space.DisposeAsync();

    [Test]
    public async Task A_payment_is_made_at_one_host_given_back_at_another_and_audited_at_a_third()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        var id = await one.PayByCardAsync(booking.NewOrder(), "tok_duplicate");
        await other.WaitForAsync(id, PaymentStatus.Paid);

        await other.Get<PaymentLedger>().RecordAsync(id, new PaymentFact.RefundDue("order-canceled"));
        await one.WaitForAsync(id, PaymentStatus.Refunded);

        await using var auditor = await StartAsync(settings: ("Storage:ReadOnly", "true"));
        var report = new InvariantReport();
        foreach (var check in auditor.All<IInvariantCheck>())
        {
            await check.RunAsync(report, CancellationToken.None);
        }

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures, Does.Contain(("I5", "payments refunded", 1L)));
    }

    [Test]
    public async Task What_a_host_that_died_still_owed_another_sends()
    {
        Guid approved;
        await using var other = await StartAsync();
        await using (var dying = await StartAsync(settings: ("Payments:Sandbox:WebhookUrl", PaymentsHost.NoWebhook)))
        {
            approved = await dying.PayByCardAsync(booking.NewOrder(), "tok_approve");
        }

        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return other.Store.FindAsync(approved);
            },
            payment => payment?.Status == PaymentStatus.Paid,
            "the callback that was left behind");
        await other.AllCallbacksDeliveredAsync();
    }

    [Test]
    public async Task Of_two_hosts_one_ends_the_open_payment_of_an_ended_order()
    {
        var gateway = new FakeGateway();
        await using var one = await StartWithAsync(gateway);
        await using var other = await StartWithAsync(gateway);
        var payment = await one.KeepPaymentAsync();
        await other.Get<PaymentLedger>().RecordAsync(payment.Id, new PaymentFact.OrderEnded());

        // Once, so that no lease runs out while it is held.
        clock.Advance(EndPaymentsWorker.Interval);

        await one.WaitForAsync(payment.Id, PaymentStatus.Declined);
        Assert.That(gateway.Canceled, Is.EqualTo(new[] { payment.Id }));
    }

    private Task<PaymentsHost> StartWithAsync(FakeGateway gateway) =>
        PaymentsHost.StartAsync(
            clock, booking: booking, settings: [("ConnectionStrings:MongoDb", space.ConnectionString)],
            services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));

    private Task<PaymentsHost> StartAsync(params (string Key, string Value)[] settings) =>
        PaymentsHost.StartAsync(clock, booking: booking, settings: [("ConnectionStrings:MongoDb", space.ConnectionString), .. settings]);
}
