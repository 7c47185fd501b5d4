using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Admissions.Issuing;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Admissions.Tests;

[TestFixture]
internal sealed class AdmissionsInvariantsTests
{
    private AdmissionsHost host = null!;

    [SetUp]
    public async Task Start() => host = await AdmissionsHost.StartAsync();

    [TearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Holds_after_sales_refunds_and_a_door()
    {
        var show = host.NewEvent();
        await host.RefundedAsync(await host.PaidAsync(show, 1, 2));
        var order = await host.PaidAsync(show, 1);
        using var door = host.Door();
        await AdmissionsHost.OutcomeAsync(door, (await host.CodesAsync(order))[1]);

        var report = await AuditAsync();

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures.Select(figure => figure.Value), Is.EqualTo(new[] { 1L, 0L, 1L }));
    }

    [Test]
    public async Task Finds_a_paid_ticket_without_a_code()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        host.Neighbours.Orders[order.OrderId] = order with { Tickets = [.. order.Tickets, order.Tickets[0] with { Number = 2 }] };

        Assert.That((await AuditAsync()).Violations.Single().Text, Does.Contain("which has no live code"));
    }

    [Test]
    public async Task Counts_orders_of_before_the_module_whose_tickets_nobody_has_asked_for()
    {
        var order = host.NewOrder(host.NewEvent(), 1);
        host.Neighbours.Orders[order.OrderId] = order with { PaidAt = Sample.Now.AddDays(-1) };

        var report = await AuditAsync();

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures.Select(figure => figure.Value), Is.EqualTo(new[] { 0L, 1L, 0L }));
    }

    [Test]
    public async Task Finds_an_order_whose_message_was_lost()
    {
        var order = host.NewOrder(host.NewEvent(), 1);
        host.Neighbours.Orders[order.OrderId] = order with { PaidAt = host.Clock.GetUtcNow() };

        var report = await AuditAsync();

        Assert.That(report.Violations.Single().Text, Does.Contain($"Order {order.OrderId} is paid and has no tickets"));
    }

    [Test]
    public async Task Waits_for_tickets_that_are_on_their_way()
    {
        var order = host.NewOrder(host.NewEvent(), 1);
        host.Neighbours.Orders[order.OrderId] = order with { PaidAt = host.Clock.GetUtcNow() };
        var audit = AuditAsync();
        await host.TellAsync(AdmissionsHost.PaidMessage(order));

        Assert.That((await audit).Violations, Is.Empty);
    }

    [Test]
    public async Task What_was_paid_while_the_module_was_away_is_issued_when_it_is_back()
    {
        var tickets = host.Get<ITicketStore>();
        await Eventually.Async(() => tickets.MomentAsync(Moment.Ran), ran => ran is not null, "the module to have run");
        var missed = host.NewOrder(host.NewEvent(), 1, 2);
        host.Neighbours.Orders[missed.OrderId] = missed with { PaidAt = host.Clock.GetUtcNow() };
        using var back = ActivatorUtilities.CreateInstance<IssueMissedTicketsWorker>(host.Get<IServiceProvider>());

        await back.RunOnceAsync(CancellationToken.None);

        Assert.That((await tickets.OfOrderAsync(missed.OrderId)).Select(ticket => (ticket.Number, ticket.IsActive)), Is.EqualTo(new[] { (1, true), (2, true) }));
    }

    [Test]
    public async Task Finds_a_code_that_is_not_paid()
    {
        var order = await host.PaidAsync(host.NewEvent(), 1);
        host.Neighbours.Orders.TryRemove(order.OrderId, out _);

        Assert.That((await AuditAsync()).Violations.Single().Text, Does.Contain("has not paid for it"));
    }

    [Test]
    public async Task Finds_two_orders_with_one_ticket()
    {
        var show = host.NewEvent();
        await host.PaidAsync(show, 1);
        await host.PaidAsync(show, 1);

        Assert.That((await AuditAsync()).Violations.Single().Text, Does.Contain("has live codes of the orders"));
    }

    [Test]
    public async Task Finds_a_code_that_was_admitted_twice()
    {
        var show = host.NewEvent();
        await host.PaidAsync(show, 1);
        await host.Get<EmbeddedStorage>().Open("admissions", []).WriteAsync(session => session.Execute("DROP INDEX scans_turn"));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await host.Get<IDoorStore>().AddScanAsync(Sample.Scan(new(show.Id, 1, 1), 1));
        }

        Assert.That((await AuditAsync()).Violations.Single().Text, Does.Contain("admitted more than once"));
    }

    [Test]
    public async Task Finds_an_event_whose_key_cannot_be_read()
    {
        await host.CodesAsync(await host.PaidAsync(host.NewEvent(), 1));
        await host.Get<EmbeddedStorage>().Open("admissions", []).WriteAsync(session => session.Execute("UPDATE events SET private_key = x'00'"));

        Assert.That((await AuditAsync()).Violations.Single().Text, Does.Contain("the keys of Accounts:Keys that protect its key are missing"));
    }

    private async Task<InvariantReport> AuditAsync()
    {
        var report = new InvariantReport();
        await using var scope = host.Get<IServiceScopeFactory>().CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IInvariantCheck>().OfType<AdmissionsInvariants>().Single().RunAsync(report, CancellationToken.None);
        return report;
    }
}
