using Microsoft.Extensions.Hosting;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Shards;

internal sealed class HoldWorkersTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private BookingBench bench = null!;
    private EventForSale sale = null!;
    private PeriodicWork[] workers = [];

    [SetUp]
    public async Task OpenAsync()
    {
        bench = await BookingBench.OpenAsync();
        sale = bench.Events.Publish(1_000);
        workers = [.. bench.Get<IEnumerable<IHostedService>>().OfType<PeriodicWork>().Where(worker => worker is not RefreshEventsOnSaleWorker)];
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await Task.WhenAll(workers.Select(worker => worker.StopAsync(CancellationToken.None)));
        await bench.DisposeAsync();
    }

    [Test]
    public async Task A_hold_goes_within_a_tick_of_its_end()
    {
        var order = (await bench.OrderAsync(sale, 1)).Value;
        await StartAsync();

        await AdvanceAsync(bench.Options.Hold - Tick);
        Assert.That((await bench.LoadAsync(order.Id)).Status, Is.EqualTo(OrderStatus.OnPayment));

        bench.Clock.Advance(Tick);
        await UntilAsync(order.Id, OrderStatus.Expired);
        Assert.That(bench.Payments.Asked, Is.Empty);
    }

    [Test]
    public async Task Any_number_of_holds_goes_within_a_tick()
    {
        var orders = await Task.WhenAll(Enumerable.Range(1, 1_000).Select(number => bench.OrderAsync(sale, number)));
        bench.Clock.Advance(bench.Options.Hold);

        await StartAsync();

        var store = await bench.StoreOfAsync(sale);
        await Eventually.Async(() => store.TakenNumbersAsync(sale.Id), taken => taken.Count == 0, "all holds to go");
        Assert.That(orders, Has.All.Property(nameof(Result<OrderView>.IsSuccess)).True);
    }

    [Test]
    public async Task A_hold_with_a_payment_under_way_stays_when_the_gateway_says_captured()
    {
        var (order, payment) = await UnderWayAsync();
        bench.Payments.Say(PaymentStanding.Confirmed);
        await StartAsync();

        await AdvanceAsync(bench.Options.Hold);

        await Eventually.Async(() => Task.FromResult(bench.Payments.Asked.Count), count => count > 0, "the gateway to be asked");
        await AdvanceAsync(Tick);
        await AdvanceAsync(Tick);
        Assert.That(bench.Payments.Asked, Is.All.EqualTo(payment));
        Assert.That((await bench.LoadAsync(order.Id)).Status, Is.EqualTo(OrderStatus.OnPayment));
    }

    [TestCase(PaymentStanding.Pending)]
    [TestCase(PaymentStanding.Unknown)]
    [TestCase(PaymentStanding.Declined)]
    public async Task A_hold_with_a_payment_under_way_goes_when_the_gateway_has_not_captured(PaymentStanding standing)
    {
        var (order, payment) = await UnderWayAsync();
        bench.Payments.Say(standing);
        await StartAsync();

        bench.Clock.Advance(bench.Options.Hold);

        await UntilAsync(order.Id, OrderStatus.Expired);
        Assert.That(bench.Payments.Asked, Is.EqualTo(new[] { payment }));
    }

    [Test]
    public async Task A_gateway_that_cannot_be_asked_keeps_the_hold_and_is_asked_again_later()
    {
        var (order, _) = await UnderWayAsync();
        bench.Payments.Fail();
        await StartAsync();
        bench.Clock.Advance(bench.Options.Hold);
        await Eventually.Async(() => Task.FromResult(bench.Payments.Asked.Count), count => count == 1, "the gateway to be asked");

        await AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.That(bench.Payments.Asked, Has.Count.EqualTo(1), "a silent gateway is left in peace for a while");
        Assert.That((await bench.LoadAsync(order.Id)).Status, Is.EqualTo(OrderStatus.OnPayment));

        bench.Payments.Say(PaymentStanding.Declined);
        // The pause counts from when the worker heard the answer, and the clock may have moved before that.
        await AdvanceUntilAsync(order.Id, OrderStatus.Expired);
    }

    [Test]
    public async Task A_slow_gateway_delays_no_other_hold()
    {
        var (slow, _) = await UnderWayAsync();
        var answer = new TaskCompletionSource<Result<PaymentStanding>>(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Payments.Standing = _ => answer.Task;
        try
        {
            await StartAsync();
            bench.Clock.Advance(bench.Options.Hold);
            await Eventually.Async(() => Task.FromResult(bench.Payments.Asked.Count), count => count == 1, "the gateway to be asked");
            var order = (await bench.OrderAsync(sale, 500)).Value;

            bench.Clock.Advance(bench.Options.Hold);
            await UntilAsync(order.Id, OrderStatus.Expired);
        }
        finally
        {
            answer.SetResult(PaymentStanding.Pending);
        }

        await UntilAsync(slow.Id, OrderStatus.Expired);
    }

    [Test]
    public async Task A_payment_that_fails_to_be_asked_about_keeps_no_other_hold()
    {
        var (broken, brokenPayment) = await UnderWayAsync();
        bench.Clock.Advance(Tick);
        var (order, _) = await UnderWayAsync();
        bench.Payments.Standing = payment => payment == brokenPayment ? throw new InvalidOperationException("A bug.") : Task.FromResult<Result<PaymentStanding>>(PaymentStanding.Declined);
        await StartAsync();

        bench.Clock.Advance(bench.Options.Hold);

        await AdvanceUntilAsync(order.Id, OrderStatus.Expired);
        Assert.That((await bench.LoadAsync(broken.Id)).Status, Is.EqualTo(OrderStatus.OnPayment));
    }

    [Test]
    public async Task A_shard_that_fails_keeps_no_other_shard_from_being_swept()
    {
        var large = bench.Events.Publish(5);
        bench.Events.Put(large with { Large = true });
        var order = (await bench.OrderAsync(large, 1)).Value;
        await bench.OrderAsync(sale, 1);
        (await bench.StoreOfAsync(sale)).Failure = new IOException("This disk is gone.");
        await StartAsync();

        bench.Clock.Advance(bench.Options.Hold);

        await AdvanceUntilAsync(order.Id, OrderStatus.Expired);
        (await bench.StoreOfAsync(sale)).Failure = null;
        await AdvanceAsync(Tick);
        await Eventually.Async(async () => await (await bench.StoreOfAsync(sale)).TakenNumbersAsync(sale.Id), taken => taken.Count == 0, "the failed shard to be swept again");
    }

    [Test]
    public async Task Old_idempotency_keys_are_forgotten()
    {
        var directory = bench.Get<IBookingDirectory>();
        var buyer = bench.NewId();
        await directory.ReserveAsync(buyer, "key", new KeyReservation(bench.NewId(), "A", bench.Clock.GetUtcNow()), DateTimeOffset.MinValue);
        await StartAsync();

        bench.Clock.Advance(TimeSpan.FromHours(25));

        await Eventually.Async(
            () => directory.FindReservationAsync(buyer, "key", DateTimeOffset.MinValue)!, found => found is null, "the key to be forgotten");
    }

    private async Task StartAsync()
    {
        foreach (var worker in workers)
        {
            await worker.StartAsync(CancellationToken.None);
        }
    }

    /// <summary>Lets time pass until the workers have looked at the shard and the lane has done what it was told then.</summary>
    private async Task AdvanceAsync(TimeSpan time)
    {
        var shard = await bench.ShardOfAsync(sale);
        var store = (WatchedStore)shard.Store;
        var before = store.Looks;
        bench.Clock.Advance(time);

        // One look of each of the two that release holds.
        await Eventually.Async(() => Task.FromResult(store.Looks), looks => looks >= before + 2, "the workers to look");
        await shard.Lane.RunAsync(new ChangeItem(Guid.Empty, inbox: null, (order, _) => OrderChange.Nothing(order)), CancellationToken.None);
    }

    private Task UntilAsync(Guid orderId, OrderStatus status) =>
        Eventually.Async(() => bench.LoadAsync(orderId), order => order.Status == status, $"order {orderId} to be {status}");

    private Task AdvanceUntilAsync(Guid orderId, OrderStatus status) => Eventually.Async(
        () =>
        {
            bench.Clock.Advance(Tick);
            return bench.LoadAsync(orderId);
        },
        order => order.Status == status,
        $"order {orderId} to be {status}");

    private async Task<(OrderView Order, Guid Payment)> UnderWayAsync()
    {
        var buyer = bench.NewId();
        var payment = bench.NewId();
        var order = (await bench.OrderBestAsync(sale, buyer: buyer)).Value;
        Assert.That((await bench.BeginPaymentAsync(order, buyer, payment)).IsSuccess, Is.True);
        return (order, payment);
    }
}
