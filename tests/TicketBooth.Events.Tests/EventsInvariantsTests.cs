using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Invariants;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Storage;
using TicketBooth.Events.Tests.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests;

[TestFixture]
internal sealed class EventsInvariantsTests
{
    private static readonly Guid Order = Sample.NewId();

    private static readonly Event Fresh = Sample.Published(Sample.Tier("Front", tickets: 2), Sample.Tier("Back", tickets: 2));

    private static readonly Event Good = Fresh with { Tiers = [Fresh.Tiers[0] with { Held = 1 }, Fresh.Tiers[1] with { Sold = 1 }] };

    private static readonly Ledger GoodLedger = new(
        Good,
        [new Claim(1, Order, IsSold: false), new Claim(3, Good.Id, IsSold: true)],
        [new KnownOrder(Order, Good.Id, 1, TicketState.OnPayment, 1), new KnownOrder(Good.Id, Good.Id, 2, TicketState.Sold, 1)]);

    [Test]
    public void Finds_nothing_wrong_with_what_is_right() => Assert.That(ViolationsOf(GoodLedger), Is.Empty);

    [Test]
    public void Finds_every_way_in_which_an_event_can_be_wrong()
    {
        Assert.That(ViolationsOf(GoodLedger with { Event = Good with { Capacity = 3 } }), Has.One.Contains("a venue for 3"));
        Assert.That(
            ViolationsOf(GoodLedger with { Event = Good with { Tiers = [Good.Tiers[0] with { Held = 0 }, Good.Tiers[1]] } }), Has.One.Contains("its tickets say 1 and 0"));
        Assert.That(
            ViolationsOf(GoodLedger with { Event = Good with { Tiers = [Good.Tiers[0] with { Held = 3 }, Good.Tiers[1]] } }), Has.Some.Contains("3 on payment and 0 sold of 2"));
        Assert.That(
            ViolationsOf(GoodLedger with { Event = Good with { Tiers = [Good.Tiers[0] with { Held = -1 }, Good.Tiers[1]] } }), Has.Some.Contains("-1 on payment and 0 sold of 2"));
        Assert.That(ViolationsOf(GoodLedger with { Claims = [.. GoodLedger.Claims, new Claim(99, Order, false)] }), Has.Some.Contains("Ticket 99"));
        Assert.That(
            ViolationsOf(GoodLedger with { Event = Good with { Tiers = [Good.Tiers[0] with { OffSale = 1 }, Good.Tiers[1]] } }), Has.One.Contains("its blocks say 0 and 0"));
        Assert.That(ViolationsOf(GoodLedger with { ActiveOrders = [GoodLedger.ActiveOrders[0]] }), Has.One.Contains("gave its tickets"));
        Assert.That(
            ViolationsOf(GoodLedger with { ActiveOrders = [GoodLedger.ActiveOrders[0] with { Tickets = 2 }, GoodLedger.ActiveOrders[1]] }), Has.One.Contains("1 stand in its name"));
        Assert.That(
            ViolationsOf(GoodLedger with { ActiveOrders = [GoodLedger.ActiveOrders[0] with { State = TicketState.Sold }, GoodLedger.ActiveOrders[1]] }),
            Has.One.Contains("0 of them sold"));
    }

    [Test]
    public async Task Audits_itself_alone_when_booking_is_not_in_the_host()
    {
        await using var host = await EventsHost.StartAsync();
        await host.Admin().PublishEventAsync(TicketBoothApi.EventBody(tickets: 7));

        var report = await AuditAsync(host);

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures, Does.Contain(("I7", "events", 1L)).And.Contain(("I7", "tickets released", 7L)));
        Assert.That(report.Figures.Select(figure => figure.Promise), Has.None.EqualTo("I4"));
    }

    [Test]
    public async Task Compares_every_order_with_booking_page_by_page()
    {
        var booking = new FakeBooking();
        await using var host = await StartAsync(booking, new FakeTimeProvider(Sample.Now));
        var shown = await PublishedAsync(host, tickets: 1_500);
        var store = TestStores.Of(host.App.Services);
        await Task.WhenAll(Enumerable.Range(1, 1_500).Select(number =>
        {
            var sale = Sample.Update(shown, Sample.NewId(), 2, TicketState.Sold, number);
            booking.Orders.Add(Facts(sale, OrderStatus.Paid));
            return store.Tickets.ApplyAsync(sale);
        }));

        var report = await AuditAsync(host);

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures, Does.Contain(("I4", "orders compared with Booking", 1_500L)).And.Contain(("I7", "tickets sold", 1_500L)));
    }

    [Test]
    public async Task Finds_an_order_with_a_price_that_was_not_in_force_when_it_was_placed()
    {
        var booking = new FakeBooking();
        var clock = new FakeTimeProvider(Sample.Now);
        await using var host = await StartAsync(booking, clock);
        var shown = await PublishedAsync(host, tickets: 5);
        var store = TestStores.Of(host.App.Services);
        clock.Advance(TimeSpan.FromMinutes(1));
        using var scope = host.App.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AdjustPrices(shown.Id, 10, new Actor(Sample.NewId(), "Ana")));

        var changedAt = clock.GetUtcNow();
        foreach (var (number, at) in new[] { (1, changedAt.AddSeconds(-30)), (2, changedAt.AddSeconds(7)), (3, changedAt.AddSeconds(8)) })
        {
            var sale = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, number) with { At = at };
            booking.Orders.Add(Facts(sale, OrderStatus.OnPayment));
            await store.Tickets.ApplyAsync(sale);
        }

        var report = await AuditAsync(host);

        Assert.That(report.Violations.Single().Text, Does.Contain("for ticket 3").And.Contain(booking.Orders[2].OrderId.ToString()));
        Assert.That(report.Figures, Does.Contain(("I6", "tickets quoted at the price of their time", 2L)));
    }

    [Test]
    public async Task Finds_nothing_wrong_after_the_clock_went_an_hour_back_between_an_order_and_a_change_of_its_price()
    {
        var booking = new FakeBooking();
        var clock = new FakeTimeProvider(Sample.Now);
        await using var host = await StartAsync(booking, clock);
        var shown = await PublishedAsync(host, tickets: 5);
        var store = TestStores.Of(host.App.Services);
        clock.Advance(TimeSpan.FromMinutes(30));
        await OrderAsync(1, clock.GetUtcNow());

        clock.AdjustTime(clock.GetUtcNow().AddHours(-1));
        using var scope = host.App.Services.CreateScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        for (var change = 0; change < 2; change++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await mediator.Send(new AdjustPrices(shown.Id, 10, new Actor(Sample.NewId(), "Ana")));
        }

        var sale = (await store.Events.FindAsync(shown.Id))!;
        await OrderAsync(2, sale.ChangedAt, sale.Tiers[0].Price);
        var report = await AuditAsync(host);

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures, Does.Contain(("I6", "tickets quoted at the price of their time", 2L)));

        async Task OrderAsync(int number, DateTimeOffset at, long? price = null)
        {
            var update = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, number) with { At = at };
            update = update with { Tickets = [.. update.Tickets.Select(ticket => ticket with { Price = price ?? ticket.Price })] };
            booking.Orders.Add(Facts(update, OrderStatus.OnPayment));
            await store.Tickets.ApplyAsync(update);
        }
    }

    [TestCase(true, null)]
    [TestCase(false, "at revision 2 in Booking; here it is OnPayment at revision 1")]
    public async Task Disputes_and_refunds_that_fail_are_of_no_interest_to_tickets(bool isDisputed, string? said)
    {
        var booking = new FakeBooking();
        var clock = new FakeTimeProvider(Sample.Now);
        await using var host = await StartAsync(booking, clock);
        var shown = await PublishedAsync(host, tickets: 5);
        var told = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1);
        await TestStores.Of(host.App.Services).Tickets.ApplyAsync(told);
        booking.Orders.Add(Facts(told with { Revision = 2 }, OrderStatus.OnPayment) with
        {
            Disputes = isDisputed ? [new OrderDisputeFacts("dp_1", Sample.NewId(), 1, OrderDisputeState.Opened, Sample.Now, 2)] : [],
        });

        var auditing = AuditAsync(host);
        await Eventually.Async(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return await Task.WhenAny(auditing, Task.Delay(20));
            },
            ended => ended == auditing,
            "the audit to end");

        var violations = (await auditing).Violations.Where(violation => violation.Promise == "I4").Select(violation => violation.Text).ToList();
        Assert.That(violations, said is null ? Is.Empty : Has.One.Contains(said));
    }

    [Test]
    public async Task Waits_for_messages_under_way_and_names_what_stays_different()
    {
        var booking = new FakeBooking();
        var clock = new FakeTimeProvider(Sample.Now);
        await using var host = await StartAsync(booking, clock);
        var shown = await PublishedAsync(host, tickets: 5);
        var store = TestStores.Of(host.App.Services);
        var late = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1);
        var lost = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 2);
        var underWay = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 3);
        var behind = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 4);
        await store.Tickets.ApplyAsync(behind);
        booking.Orders.AddRange([
            Facts(late, OrderStatus.OnPayment), Facts(lost, OrderStatus.OnPayment), Facts(underWay, OrderStatus.OnPayment) with { HasPendingMessages = true },
            Facts(behind with { Revision = 2 }, OrderStatus.Expired),
        ]);

        var auditing = AuditAsync(host);
        Assert.That(auditing.IsCompleted, Is.False);
        await store.Tickets.ApplyAsync(late);
        var report = await Eventually.Async(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return await Task.WhenAny(auditing, Task.Delay(20));
            },
            ended => ended == auditing,
            "the audit to end");
        Assert.That(report, Is.SameAs(auditing));

        var violations = (await auditing).Violations;
        Assert.That(violations.Select(violation => violation.Promise), Is.All.EqualTo("I4"));
        Assert.That(violations, Has.Count.EqualTo(2));
        Assert.That(violations.Select(violation => violation.Text), Has.One.Contains(lost.OrderId.ToString()).And.One.Contains(behind.OrderId.ToString()));
    }

    [Test]
    public async Task Says_so_when_booking_cannot_answer()
    {
        var booking = new FakeBooking { Failure = Error.Unavailable("busy", "Later.", TimeSpan.FromSeconds(1)) };
        await using var host = await StartAsync(booking);

        Assert.That((await AuditAsync(host)).Violations.Single().Text, Does.Contain("busy"));
    }

    [Test]
    public async Task Finds_tickets_off_sale_that_are_on_sale_here()
    {
        var booking = new FakeBooking();
        var clock = new FakeTimeProvider(Sample.Now);
        await using var host = await StartAsync(booking, clock);
        var shown = await PublishedAsync(host, tickets: 5);
        var writer = host.App.Services.GetRequiredService<EventWriter>();
        TicketBlockChanged[] blocks = [Sample.Block(shown, TicketBlockKind.Hold, 1, 2), Sample.Block(shown, TicketBlockKind.Kill, 3, 3)];
        foreach (var block in blocks)
        {
            booking.Blocks.Add(new(block.BlockId, block.Revision, shown.Id, block.Kind, block.IsReleased, block.Tickets, HasPendingMessages: false));
            await writer.ChangeAsync(shown.Id, (current, now) => EventChange.Of(current, current.Follow(KnownBlock.Of(block)), now, message: null));
        }

        var good = await AuditAsync(host);
        booking.Blocks[0] = booking.Blocks[0] with { Revision = 2, IsReleased = true };
        booking.Blocks.Add(booking.Blocks[0] with { BlockId = Sample.NewId(), HasPendingMessages = true });
        var auditing = AuditAsync(host);
        await Eventually.Async(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return await Task.WhenAny(auditing, Task.Delay(20));
            },
            ended => ended == auditing,
            "the audit to end");

        Assert.That(good.Violations, Is.Empty);
        Assert.That(good.Figures, Does.Contain(("I4", "blocks of tickets compared with Booking", 2L)).And.Contain(("I7", "tickets on hold for the house", 2L)).And.Contain(("I7", "tickets released", 4L)));
        Assert.That((await auditing).Violations.Single().Text, Does.Contain(blocks[0].BlockId.ToString()));
    }

    private static string[] ViolationsOf(Ledger ledger)
    {
        var report = new InvariantReport();
        TicketCounterInvariant.Check(ledger, report);
        return [.. report.Violations.Select(violation => violation.Text)];
    }

    private static OrderFacts Facts(TicketUpdate sale, OrderStatus status) =>
        new(sale.OrderId, sale.Revision, sale.EventId, status, sale.Tickets, 1, "BRL", sale.At, null, HasPendingMessages: false);

    private static Task<TestHost> StartAsync(FakeBooking booking, TimeProvider? clock = null) => EventsHost.StartAsync(clock, services: services => services
        .AddSingleton<IRequestHandler<ListOrderFacts, Result<IReadOnlyList<OrderFacts>>>>(booking)
        .AddSingleton<IRequestHandler<GetOrderFacts, Result<IReadOnlyList<OrderFacts>>>>(booking)
        .AddSingleton<IRequestHandler<ListTicketBlockFacts, Result<IReadOnlyList<TicketBlockFacts>>>>(booking));

    private static async Task<Event> PublishedAsync(TestHost host, int tickets)
    {
        var made = await host.Admin().PublishEventAsync(TicketBoothApi.EventBody(tickets, now: host.App.Services.GetRequiredService<TimeProvider>().GetUtcNow()));
        return (await host.App.Services.GetRequiredService<IEventStore>().FindAsync(Guid.Parse((string)made["id"]!)))!;
    }

    private static async Task<InvariantReport> AuditAsync(TestHost host)
    {
        var report = new InvariantReport();
        await using var scope = host.App.Services.CreateAsyncScope();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
        {
            await check.RunAsync(report, CancellationToken.None);
        }

        return report;
    }

    private sealed class FakeBooking :
        IRequestHandler<ListOrderFacts, Result<IReadOnlyList<OrderFacts>>>,
        IRequestHandler<GetOrderFacts, Result<IReadOnlyList<OrderFacts>>>,
        IRequestHandler<ListTicketBlockFacts, Result<IReadOnlyList<TicketBlockFacts>>>
    {
        public List<OrderFacts> Orders { get; } = [];

        public List<TicketBlockFacts> Blocks { get; } = [];

        public Error? Failure { get; init; }

        public Task<Result<IReadOnlyList<OrderFacts>>> Handle(ListOrderFacts request, CancellationToken cancellationToken)
        {
            var after = request.After is { } id ? Orders.FindIndex(order => order.OrderId == id) + 1 : 0;
            return Task.FromResult(Failure is { } failure ? failure : Result<IReadOnlyList<OrderFacts>>.From([.. Orders.Skip(after).Take(request.Limit)]));
        }

        public Task<Result<IReadOnlyList<OrderFacts>>> Handle(GetOrderFacts request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<IReadOnlyList<OrderFacts>>.From([.. Orders.Where(order => request.OrderIds.Contains(order.OrderId))]));

        public Task<Result<IReadOnlyList<TicketBlockFacts>>> Handle(ListTicketBlockFacts request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<IReadOnlyList<TicketBlockFacts>>.From([.. Blocks.Where(block => request.After is null)]));
    }
}
