using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Keeping;
using TicketBooth.Notifications.Queueing;
using TicketBooth.Notifications.Storage;
using TicketBooth.Notifications.Tests.Support;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Notifications.Tests;

/// <summary>What is learned of orders, which mails that makes, and the mails to all buyers of an event.</summary>
internal sealed class NewsTests(Engine engine) : StoreFixture(engine)
{
    private static readonly Guid Event = Guid.NewGuid();

    [Test]
    public async Task Messages_in_any_order_and_twice_leave_the_same_and_make_each_mail_once()
    {
        OrderNews[] news =
        [
            Placed(1), Started(1, PaymentMethod.Card), Declined(1), Started(2, PaymentMethod.Card), Paid(1), Refunded(1),
        ];
        var expected = await LearnAsync(news);
        foreach (var shuffled in new[] { news.Reverse().ToArray(), [.. news[3..], .. news[..3]], [.. news, .. news] })
        {
            await ClearAsync();

            Assert.That(await LearnAsync(shuffled), Is.EqualTo(expected));
            Assert.That(await LearnAsync(shuffled), Is.EqualTo(expected), "again");
        }

        // Order news that come after newer ones are outdated, so their mails are not made.
        async Task<(OrderState, bool, DateTimeOffset?, int)> LearnAsync(OrderNews[] told)
        {
            foreach (var one in told)
            {
                await ApplyAsync(one);
            }

            var order = await OrderAsync(1);
            return (order.State, order is { State: OrderState.OnPayment, IsPaying: true }, order.EndedAt, (await MailsAsync()).Count(mail => mail.Kind is MailKinds.OrderRefunded or MailKinds.PaymentDeclined));
        }
    }

    /// <summary>What Booking and Payments tell comes side by side: neither is lost, and none has to come again.</summary>
    [Test]
    public async Task News_of_one_order_from_two_topics_meet()
    {
        for (var i = 0; i < 20; i++)
        {
            await ClearAsync();

            await Task.WhenAll(Task.Run(() => ApplyAsync(Placed(1))), Task.Run(() => ApplyAsync(Started(1, PaymentMethod.Card))));

            var order = await OrderAsync(1);
            Assert.That((order.State, order.IsPaying, order.PaymentId), Is.EqualTo((OrderState.OnPayment, true, (Guid?)PaymentId(1))));
        }
    }

    /// <summary>Each writes whole rows, so one that read before the other wrote would undo it: the rows are locked when they are read.</summary>
    [Test]
    public async Task News_of_known_orders_from_two_topics_do_not_undo_each_other()
    {
        const int Orders = 300;
        for (var i = 0; i < 5; i++)
        {
            await ClearAsync();
            await ApplyAsync(OfAll(order => Placed(order)));

            await Task.WhenAll(
                Task.Run(() => ApplyAsync(OfAll(order => Paid(order)))),
                Task.Run(() => ApplyAsync(OfAll(order => Started(order, PaymentMethod.Pix)))));

            Assert.That((await StoredAsync()).Select(order => (order.State, order.PaymentId)), Is.EquivalentTo(Enumerable.Range(1, Orders).Select(order => (OrderState.Paid, (Guid?)PaymentId(order)))));
        }

        static OrderNews[] OfAll(Func<int, OrderNews> news) => [.. Enumerable.Range(1, Orders).Select(news)];
    }

    [Test]
    public async Task Who_pays_within_the_minute_costs_one_mail()
    {
        await ApplyAsync(Placed(1));
        await ApplyAsync(Started(1, PaymentMethod.Card), Paid(1));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await QueueWaitingAsync();

        Assert.That((await MailsAsync()).Select(mail => mail.Kind), Is.EqualTo([MailKinds.OrderPaid]));
    }

    [Test]
    public async Task An_order_that_is_not_paid_for_a_minute_is_told_once()
    {
        await ApplyAsync(Placed(1), Placed(2, Now.AddSeconds(1)));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await QueueWaitingAsync();
        var mails = await MailsAsync();
        await QueueWaitingAsync();

        // What was told is told again, as after a crash.
        await ApplyAsync(Placed(1));
        await QueueWaitingAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(mails.Select(mail => (mail.Kind, mail.OrderId, mail.NextTryAt)), Is.EqualTo([(MailKinds.OrderPlaced, (Guid?)OrderId(1), Now)]));
            Assert.That(await MailsAsync(), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Hosts_that_queue_at_once_queue_each_mail_once()
    {
        await ApplyAsync([.. Enumerable.Range(1, 600).Select(order => Placed(order))]);
        Clock.Advance(TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(QueueWaitingAsync)));

        Assert.That((await MailsAsync()).Select(mail => mail.OrderId), Is.EquivalentTo(Enumerable.Range(1, 600).Select(OrderId)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_Pix_code_does_not_wait_for_the_minute(bool isPaymentToldFirst)
    {
        OrderNews[] news = [Placed(1), Started(1, PaymentMethod.Pix)];
        foreach (var one in isPaymentToldFirst ? news.Reverse() : news)
        {
            await ApplyAsync(one);
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        await QueueWaitingAsync();

        Assert.That((await MailsAsync()).Select(mail => (mail.Kind, mail.NextTryAt - Now)), Is.EqualTo([(MailKinds.OrderPlaced, TimeSpan.FromMilliseconds(3_001 - 60_000))]));
    }

    [Test]
    public async Task A_page_that_comes_again_leaves_what_it_left()
    {
        OrderNews[] page =
        [
            Placed(1), Placed(2), Started(1, PaymentMethod.Pix), Paid(2), Placed(3), Started(3, PaymentMethod.Card), Declined(3), Placed(4), Paid(4), Refunded(4),
        ];
        await ApplyAsync(page);
        var (orders, mails) = (await StoredAsync(), await MailsAsync());

        await ApplyAsync(page);
        await ApplyAsync(page[3..]);

        Assert.That(await StoredAsync(), Is.EqualTo(orders));
        Assert.That((await MailsAsync()).Select(mail => (mail.Number, mail.UniqueKey, mail.NextTryAt)), Is.EqualTo(mails.Select(mail => (mail.Number, mail.UniqueKey, mail.NextTryAt))));
        Assert.That(mails.Select(mail => mail.Kind), Is.EquivalentTo(new[]
        {
            MailKinds.OrderPlaced, MailKinds.OrderPaid, MailKinds.PaymentDeclined, MailKinds.OrderPaid, MailKinds.OrderRefunded,
        }));
    }

    /// <summary>The statements that are written by hand and EF Core's model agree on every column.</summary>
    [Test]
    public async Task What_is_written_is_read_by_EF_Core_and_read_back()
    {
        await ApplyAsync(Placed(1), Started(1, PaymentMethod.Pix), Paid(1), Refunded(1));
        await ApplyAsync(Placed(2));

        var stored = (await StoredAsync()).ToDictionary(order => order.Id);
        var read = await Host.App.Services.GetRequiredService<OrderWriter>().WriteAsync(tables => tables.FindAsync([OrderId(1), OrderId(2)]), CancellationToken.None);

        Assert.That(read, Has.Count.EqualTo(2));
        Assert.That(read.ToDictionary(each => each.Key, each => Facts(each.Value)), Is.EqualTo(stored.ToDictionary(each => each.Key, each => each.Value)));
        Assert.That(stored[OrderId(2)].NextMailAt, Is.EqualTo(Now.AddMinutes(1)));
        Assert.That(stored[OrderId(1)].Tickets, Is.EqualTo($$"""[{"tier":"{{Event}}","price":10000,"numbers":[1]}]"""));
    }

    [TestCase("superseded")]
    [TestCase("abandoned")]
    public async Task An_attempt_that_its_buyer_gave_up_is_no_news(string reason)
    {
        await ApplyAsync(Placed(1), Started(1, PaymentMethod.Card), Declined(1, reason));

        Assert.That((await MailsAsync()).Select(mail => mail.Kind), Has.None.EqualTo(MailKinds.PaymentDeclined));
    }

    [Test]
    public async Task Who_is_paying_is_not_reminded_and_nobody_is_twice()
    {
        await ApplyAsync(Placed(1), Placed(2), Started(2, PaymentMethod.Card), Placed(3), Paid(3));
        await QueueWaitingAsync();
        var early = await RemindersAsync();
        Clock.Advance(TimeSpan.FromMinutes(8));

        await QueueWaitingAsync();
        await QueueWaitingAsync();

        Assert.That(early, Is.Empty);
        Assert.That(await RemindersAsync(), Is.EqualTo([OrderId(1)]));
    }

    [Test]
    public async Task A_canceled_event_mails_who_held_tickets_then_and_nobody_else()
    {
        await ApplyAsync(Placed(1), Placed(2), Paid(2), Placed(3), Expired(3), Placed(4), Paid(4), Refunded(4));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await AddBulkAsync();
        await QueueAsync();

        // Booking refunds, and a message that was late tells of an order placed before.
        await ApplyAsync(Refunded(2));
        await ApplyAsync(Placed(5, Now.AddMinutes(-1)), Paid(5, Now.AddMinutes(-1)));
        await QueueAsync();

        var mails = (await MailsAsync()).Where(mail => mail.Kind == MailKinds.EventCanceled);
        Assert.That(mails.Select(mail => mail.OrderId), Is.EquivalentTo(new[] { OrderId(1), OrderId(2), OrderId(5) }));
    }

    [Test]
    public async Task A_page_that_is_queued_again_adds_nothing()
    {
        await ApplyAsync(Placed(1), Paid(1), Placed(2), Paid(2));
        var bulk = await AddBulkAsync();
        await QueueAsync();
        await WithAsync((db, _) => db.Bulks.Where(each => each.Number == bulk).ExecuteUpdateAsync(set => set.SetProperty(each => each.IsQueued, false).SetProperty(each => each.QueuedUpTo, (Guid?)null)));

        await QueueAsync();

        Assert.That((await MailsAsync()).Count(mail => mail.Kind == MailKinds.EventCanceled), Is.EqualTo(2));
    }

    /// <summary>The aim is two seconds. The machine of a test may have other things to do, so the limit is generous.</summary>
    [Test]
    public async Task The_mails_of_10_000_buyers_are_queued_quickly()
    {
        const int Buyers = 10_000;
        await WithAsync(async (db, _) =>
        {
            db.Orders.AddRange(Enumerable.Range(0, Buyers).Select(i => new OrderRow
            {
                Id = Guid.CreateVersion7(Now.AddSeconds(-i)),
                EventId = Event,
                BuyerId = Guid.NewGuid(),
                Revision = 2,
                State = OrderState.Paid,
                Total = 10_000,
                Currency = "BRL",
                PlacedAt = Now.AddSeconds(-i),
                PaidAt = Now,
            }));
            return await db.SaveChangesAsync();
        });
        await AddBulkAsync();
        var watch = Stopwatch.StartNew();

        await QueueAsync();

        await TestContext.Out.WriteLineAsync(FormattableString.Invariant($"{Buyers} mails queued in {watch.ElapsedMilliseconds} ms"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
        Assert.That(await WithAsync((db, _) => db.Mails.CountAsync(mail => mail.IsBulk)), Is.EqualTo(Buyers));
    }

    [Test]
    public async Task What_is_over_is_forgotten_and_what_waits_is_not()
    {
        await ApplyAsync(Placed(1), Paid(1), Refunded(1), Placed(2), Paid(2), Placed(3), Expired(3));
        await WithAsync(async (db, _) =>
        {
            db.Events.Add(new EventRow { Id = Event, Name = "Samba", Venue = "Hall", StartsAt = Now.AddDays(60) });
            await db.SaveChangesAsync();
            return await db.Mails.Where(mail => mail.Kind == MailKinds.OrderRefunded)
                .ExecuteUpdateAsync(set => set.SetProperty(mail => mail.State, Contracts.MailState.Sent).SetProperty(mail => mail.DoneAt, Now));
        });
        Clock.Advance(TimeSpan.FromDays(31));
        await ForgetAsync();
        var orders = await WithAsync((db, _) => db.Orders.Select(order => order.Id).ToListAsync());
        var mails = await MailsAsync();
        Clock.Advance(TimeSpan.FromDays(60));
        await ForgetAsync();

        Assert.Multiple(async () =>
        {
            Assert.That(orders, Is.EqualTo([OrderId(2)]));
            Assert.That(mails.Select(mail => mail.Kind), Has.None.EqualTo(MailKinds.OrderRefunded).And.Some.EqualTo(MailKinds.OrderPaid));
            Assert.That(await WithAsync((db, _) => db.Orders.CountAsync()), Is.Zero, "the event is over");
            Assert.That(await WithAsync((db, _) => db.Events.CountAsync()), Is.Zero);
        });
    }

    private static OrderFacts Facts(OrderRow order) =>
        new(
            order.Id, order.Revision, order.State, order.EventId, order.BuyerId, order.Tickets, order.Total, order.Currency, order.Language, order.PlacedAt, order.ExpiresAt, order.PaidAt,
            order.EndedAt, order.PaymentId, order.IsByPix, order.PaymentAt, order.IsPaying, order.NextMail, order.NextMailAt);

    private static Guid OrderId(int number) => new($"0199e2ee-3c10-8001-9f21-{number:000000000000}");

    private static Guid PaymentId(int number) => new($"0199e2ee-3c10-7002-9f21-{number:000000000000}");

    private static IReadOnlyList<OrderedTicket> Tickets(int order) => [new OrderedTicket(OrderId(order), order, Event, 10_000)];

    private OrderChanged Placed(int order, DateTimeOffset? at = null) =>
        new(new OrderPlaced(OrderId(order), 1, Event, Event, Tickets(order), 10_000, "BRL", (at ?? Now).AddMinutes(10), at ?? Now) { Language = "pt-BR" });

    private OrderChanged Paid(int order, DateTimeOffset? at = null) =>
        new(new OrderPaid(OrderId(order), 2, Event, Event, Tickets(order), 10_000, "BRL", PaymentId(order), at ?? Now));

    private OrderChanged Expired(int order) => new(new OrderExpired(OrderId(order), 2, Event, Event, Tickets(order), Now));

    private OrderChanged Refunded(int order) =>
        new(new OrderRefunded(OrderId(order), 3, Event, Event, Tickets(order), 10_000, "BRL", PaymentId(order), Now));

    private PaymentBegun Started(int payment, PaymentMethod method) =>
        new(new PaymentStarted(PaymentId(payment), OrderId(method == PaymentMethod.Card && payment == 2 ? Second() : payment), method, 10_000, "BRL", Now.AddMilliseconds(payment)));

    // The second attempt of the first test is of the first order.
    private static int Second() => TestContext.CurrentContext.Test.MethodName!.StartsWith("Messages", StringComparison.Ordinal) ? 1 : 2;

    private PaymentRefused Declined(int payment, string reason = "declined") =>
        new(new PaymentDeclined(PaymentId(payment), OrderId(payment), reason, Now.AddMilliseconds(payment)));

    [Test]
    public async Task Files_of_mails_go_as_the_rows_do_and_nothing_else_in_their_folder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Host.Folder, "mails")).FullName;
        var files = new[] { "old.eml", "old.eml.part", "old.txt", "new.eml" }.ToDictionary(name => name, name => Path.Combine(folder, name), StringComparer.Ordinal);
        foreach (var (name, file) in files)
        {
            await File.WriteAllTextAsync(file, "To: ana@example.com\r\n\r\nText\r\n");
            File.SetLastWriteTimeUtc(file, (Now - TimeSpan.FromDays(name == "new.eml" ? 29 : 31)).UtcDateTime);
        }

        await ForgetAsync();

        Assert.That(Directory.GetFiles(folder), Is.EquivalentTo(new[] { files["old.txt"], files["new.eml"] }));
    }

    private Task ApplyAsync(params OrderNews[] news) => Host.App.Services.GetRequiredService<IBatchWriter<OrderNews>>().ApplyAsync(news, CancellationToken.None);

    private Task<OrderRow> OrderAsync(int order) => WithAsync((db, _) => db.Orders.AsNoTracking().SingleAsync(each => each.Id == OrderId(order)));

    private Task<List<OrderFacts>> StoredAsync() =>
        WithAsync(async (db, _) => (await db.Orders.AsNoTracking().OrderBy(order => order.Id).ToListAsync()).ConvertAll(Facts));

    private Task QueueWaitingAsync() => Host.App.Services.GetRequiredService<QueueWaitingMailsWorker>().RunOnceAsync(CancellationToken.None);

    private Task QueueAsync() => Host.App.Services.GetRequiredService<QueueBulksWorker>().RunOnceAsync(CancellationToken.None);

    private Task ForgetAsync() => Host.App.Services.GetRequiredService<ForgetMailsWorker>().RunOnceAsync(CancellationToken.None);

    private async Task<List<Guid?>> RemindersAsync() => [.. (await MailsAsync()).Where(mail => mail.Kind == MailKinds.HoldEnding).Select(mail => mail.OrderId)];

    private Task<long> AddBulkAsync() => WithAsync(async (db, _) =>
    {
        var bulk = new BulkRow { UniqueKey = $"{MailKinds.EventCanceled}/{Event}", Kind = MailKinds.EventCanceled, EventId = Event, At = Now };
        db.Bulks.Add(bulk);
        await db.SaveChangesAsync();
        return bulk.Number;
    });

    private sealed record OrderFacts(
        Guid Id, int Revision, OrderState State, Guid EventId, Guid BuyerId, string Tickets, long Total, string Currency, string? Language, DateTimeOffset PlacedAt, DateTimeOffset ExpiresAt,
        DateTimeOffset? PaidAt, DateTimeOffset? EndedAt, Guid? PaymentId, bool IsByPix, DateTimeOffset? PaymentAt, bool IsPaying, NextMail NextMail, DateTimeOffset? NextMailAt);
}
