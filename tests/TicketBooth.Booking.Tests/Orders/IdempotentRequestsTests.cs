using System.Text.Json;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Orders;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Orders;

internal sealed class IdempotentRequestsTests
{
    private BookingBench bench = null!;
    private Guid buyer;

    [SetUp]
    public async Task OpenAsync()
    {
        bench = await BookingBench.OpenAsync();
        buyer = bench.NewId();
    }

    [TearDown]
    public Task CloseAsync() => bench.DisposeAsync().AsTask();

    [Test]
    public async Task The_same_key_gets_the_same_order()
    {
        var sale = bench.Events.Publish(5);
        var first = await RequestAsync(sale);
        bench.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(Json(await RequestAsync(sale)), Is.EqualTo(Json(first)));
        Assert.That(await CountAsync(sale), Is.EqualTo(1));
    }

    [Test]
    public async Task The_answer_stays_the_same_when_the_order_has_moved_on()
    {
        var sale = bench.Events.Publish(5);
        var first = await RequestAsync(sale);
        var payment = bench.NewId();
        bench.Clock.Advance(TimeSpan.FromMinutes(8));
        await bench.BeginPaymentAsync(first.Value, buyer, payment);
        await bench.ConfirmAsync(first.Value.Id, payment);

        Assert.That(Json(await RequestAsync(sale)), Is.EqualTo(Json(first)));
        Assert.That((await bench.LoadAsync(first.Value.Id)).Status, Is.EqualTo(OrderStatus.Paid));
    }

    [Test]
    public async Task The_answer_stays_the_same_when_the_sale_has_closed()
    {
        var sale = bench.Events.Publish(5);
        var first = await RequestAsync(sale);
        bench.Events.Change(sale.Id, known => known with { SaleClosesAt = bench.Clock.GetUtcNow() });
        await bench.Catalog.RefreshAsync(sale.Id, CancellationToken.None);

        Assert.That(Json(await RequestAsync(sale)), Is.EqualTo(Json(first)));
        Assert.That((await RequestAsync(sale, key: "another")).Error, Is.EqualTo(BookingErrors.SaleClosed));
        Assert.That((await RequestAsync(sale, quantity: 2)).Error, Is.EqualTo(BookingErrors.KeyReused), "another body");
    }

    [Test]
    public async Task The_answer_stays_the_same_when_the_event_was_canceled()
    {
        var sale = bench.Events.Publish(1);
        var first = await RequestAsync(sale);
        var refused = await RequestAsync(sale, key: "refused");
        bench.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await bench.Catalog.RefreshAsync(sale.Id, CancellationToken.None);

        Assert.That(Json(await RequestAsync(sale)), Is.EqualTo(Json(first)));
        Assert.That((await RequestAsync(sale, key: "refused")).Error, Is.EqualTo(refused.Error).And.EqualTo(BookingErrors.NotEnoughTickets));
        Assert.That((await RequestAsync(sale, key: "another")).Error, Is.EqualTo(BookingErrors.EventCanceled));
    }

    [Test]
    public async Task A_request_of_a_closed_sale_reserves_nothing()
    {
        var sale = bench.Events.Publish(5);
        bench.Events.Put(sale with { SaleOpensAt = bench.Clock.GetUtcNow().AddMinutes(1) });

        Assert.That((await RequestAsync(sale)).Error, Is.EqualTo(BookingErrors.SaleNotOpen));
        Assert.That(await bench.Get<IBookingDirectory>().FindReservationAsync(buyer, "key", DateTimeOffset.MinValue), Is.Null);
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await RequestAsync(sale)).IsSuccess, Is.True);
    }

    [Test]
    public async Task A_lost_race_stays_lost_even_when_the_ticket_is_free_again()
    {
        var sale = bench.Events.Publish(1);
        var rival = await bench.OrderAsync(sale, 1);
        var request = new Contracts.RequestOrder(buyer, sale.TicketIds(1), null, null, null, "key");
        Assert.That((await bench.SendAsync(request)).Error, Is.EqualTo(BookingErrors.TicketTaken));
        await bench.SendAsync(new Contracts.CancelOrder(rival.Value.Id, null));

        Assert.That((await bench.SendAsync(request)).Error, Is.EqualTo(BookingErrors.TicketTaken));
        Assert.That((await bench.SendAsync(request with { IdempotencyKey = "another" })).IsSuccess, Is.True);
    }

    [Test]
    public async Task Another_request_with_the_key_is_refused()
    {
        var sale = bench.Events.Publish(5);
        await RequestAsync(sale);

        Assert.That((await RequestAsync(sale, quantity: 2)).Error, Is.EqualTo(BookingErrors.KeyReused));
        Assert.That((await bench.SendAsync(new Contracts.RequestOrder(buyer, sale.TicketIds(4), null, null, null, "key"))).Error, Is.EqualTo(BookingErrors.KeyReused));
        Assert.That(await CountAsync(sale), Is.EqualTo(1));
    }

    [Test]
    public async Task Another_buyers_key_is_another_key()
    {
        var sale = bench.Events.Publish(5);
        var first = await RequestAsync(sale);

        var other = await bench.OrderBestAsync(sale, buyer: bench.NewId(), key: "key");

        Assert.That(other.Value.Id, Is.Not.EqualTo(first.Value.Id));
    }

    [Test]
    public async Task A_key_is_remembered_for_a_day()
    {
        var sale = bench.Events.Publish(5);
        var first = await RequestAsync(sale);

        bench.Clock.Advance(TimeSpan.FromHours(24));
        Assert.That((await RequestAsync(sale)).Value.Id, Is.EqualTo(first.Value.Id));
        bench.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.That((await RequestAsync(sale)).Value.Id, Is.Not.EqualTo(first.Value.Id));
    }

    [Test]
    public async Task Fifty_requests_at_once_with_one_key_place_one_order()
    {
        var sale = bench.Events.Publish(100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => RequestAsync(sale))));

        Assert.That(answers.Select(Json).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That(answers[0].IsSuccess, Is.True);
        Assert.That(await CountAsync(sale), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_hosts_at_once_place_one_order()
    {
        var sale = bench.Events.Publish(100);
        await bench.OnSaleAsync(sale);

        // What hosts do not share is their memory of what is running.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => NewHandler().Handle(
            new Contracts.RequestOrder(buyer, i < 10 ? null : sale.TicketIds(50), i < 10 ? sale.Id : null, null, i < 10 ? 1 : null, i < 10 ? "best" : "ids"), CancellationToken.None))));

        Assert.That(answers.Take(10).Select(Json).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That(answers.Skip(10).Select(Json).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That(answers.All(answer => answer.IsSuccess), Is.True);
        Assert.That(await CountAsync(sale), Is.EqualTo(2));
    }

    [Test]
    public async Task A_refusal_next_to_a_grant_is_not_remembered()
    {
        // Another host reserved the key and its order came to be, but a host that was too slow to see that noted a refusal.
        var sale = bench.Events.Publish(1);
        var first = await RequestAsync(sale);
        await bench.Get<IBookingDirectory>().RefuseAsync(buyer, "key", "not-enough-tickets");

        Assert.That(Json(await RequestAsync(sale)), Is.EqualTo(Json(first)));
    }

    [Test]
    public async Task Busy_is_not_remembered()
    {
        await bench.DisposeAsync();
        bench = await BookingBench.OpenAsync(("Booking:LaneCapacity", "1"));
        var sale = bench.Events.Publish(5);
        var store = await bench.StoreOfAsync(sale);
        var lane = (await bench.ShardOfAsync(sale)).Lane;
        store.Close();
        var inHand = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        var waiting = lane.TryAsync(Nothing());

        var busy = await RequestAsync(sale);
        store.Open();
        await Task.WhenAll(inHand, waiting);

        Assert.That(busy.Error, Is.EqualTo(BookingErrors.Busy));
        Assert.That((await RequestAsync(sale)).IsSuccess, Is.True);
    }

    [Test]
    public async Task A_failure_is_not_remembered()
    {
        var sale = bench.Events.Publish(5);
        var store = await bench.StoreOfAsync(sale);
        store.Failure = new IOException("The disk is gone.");
        Assert.That(() => RequestAsync(sale), Throws.TypeOf<IOException>());
        store.Failure = null;

        Assert.That((await RequestAsync(sale)).IsSuccess, Is.True);
    }

    [Test]
    public async Task A_restart_forgets_no_answer()
    {
        var folder = BookingBench.NewFolder();
        await using var before = await BookingBench.OpenAsync(folder);
        var sale = before.Events.Publish(1);
        Contracts.RequestOrder granted = new(buyer, null, sale.Id, null, 1, "granted"), refused = granted with { IdempotencyKey = "refused" };
        var first = await before.SendAsync(granted);
        await before.SendAsync(refused);
        await before.CloseAsync();

        await using (var after = await BookingBench.OpenAsync(folder, before))
        {
            Assert.That(Json(await after.SendAsync(granted)), Is.EqualTo(Json(first)));
            Assert.That((await after.SendAsync(refused)).Error, Is.EqualTo(BookingErrors.NotEnoughTickets));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task A_key_reserved_before_a_crash_places_its_order_afterwards()
    {
        var sale = bench.Events.Publish(5);
        var store = await bench.StoreOfAsync(sale);
        store.Failure = new IOException("The power is gone.");
        Assert.That(() => RequestAsync(sale), Throws.TypeOf<IOException>());
        store.Failure = null;
        var reserved = await bench.Get<IBookingDirectory>().FindReservationAsync(buyer, "key", DateTimeOffset.MinValue);

        Assert.That((await RequestAsync(sale)).Value.Id, Is.EqualTo(reserved!.OrderId));
    }

    private static ChangeItem Nothing() => new(Guid.Empty, inbox: null, (order, _) => OrderChange.Nothing(order));

    private static string Json(Result<OrderView> answer) => answer.Error?.Code ?? JsonSerializer.Serialize(answer.Value);

    private TicketBooth.Booking.Orders.RequestOrder.Handler NewHandler() => new(
        bench.Catalog, bench.Shards, new IdempotentRequests(bench.Get<IBookingDirectory>(), bench.Shards, Microsoft.Extensions.Options.Options.Create(bench.Options), bench.Clock), bench.Clock);

    private Task<Result<OrderView>> RequestAsync(EventForSale sale, int quantity = 1, string key = "key") => bench.OrderBestAsync(sale, quantity, buyer: buyer, key: key);

    private async Task<int> CountAsync(EventForSale sale) => (await (await bench.StoreOfAsync(sale)).PageAsync(after: null, 1_000)).Count;
}
