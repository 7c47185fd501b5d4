using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;

namespace TicketBooth.Payments.Tests.Ledger;

/// <summary>The gateway accepts a payment under an id of its own, "ext-1".</summary>
[TestFixture]
internal sealed class StoreExternalIdsWorkerTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
    private string folder = null!;
    private PaymentsHost payments = null!;
    private Guid id;

    [SetUp]
    public async Task PayAsync()
    {
        folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        payments = await StartAsync();
        id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await payments.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Stores_the_id_of_a_payment_about_which_the_gateway_does_not_report()
    {
        var accepted = await FindAsync();
        await RunAsync();
        var atOnce = await FindAsync();
        clock.Advance(StoreExternalIdsWorker.Interval);
        await RunAsync();

        Assert.That((accepted.ExternalId, atOnce.ExternalId, (await FindAsync()).ExternalId), Is.EqualTo(((string?)null, (string?)null, "ext-1")));
        Assert.That(payments.SaidInAll(), Is.EqualTo(1), "only that it was started");
    }

    [Test]
    public async Task The_gateways_report_brings_the_id_and_leaves_nothing_to_store()
    {
        await payments.WebhookAsync(await FindAsync());

        Assert.That(((await FindAsync()).Status, (await FindAsync()).ExternalId), Is.EqualTo((PaymentStatus.Paid, "ext-1")));
        Assert.That(payments.Get<NewExternalIds>().Waiting(TimeSpan.Zero), Is.Empty);
    }

    [Test]
    public async Task Any_change_of_the_payment_stores_the_id_too()
    {
        await payments.Get<PaymentLedger>().RecordAsync(id, new PaymentFact.RefundDue("order-canceled"));

        Assert.That((await FindAsync()).ExternalId, Is.EqualTo("ext-1"));
    }

    [Test]
    public async Task A_host_that_stops_has_stored_every_id()
    {
        await payments.DisposeAsync();
        payments = await StartAsync();

        Assert.That((await FindAsync()).ExternalId, Is.EqualTo("ext-1"));
    }

    private Task<PaymentsHost> StartAsync() =>
        PaymentsHost.StartAsync(clock, folder, services: all => all.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(new FakeGateway())));

    private Task RunAsync() => payments.Get<StoreExternalIdsWorker>().RunOnceAsync(CancellationToken.None);

    private async Task<Payment> FindAsync() => (await payments.Store.FindAsync(id))!;
}
