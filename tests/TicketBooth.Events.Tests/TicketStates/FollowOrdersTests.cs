using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.TicketStates;

[TestFixture]
internal sealed class FollowOrdersTests
{
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private BookingMessages booking = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await EventsHost.StartAsync();
        admin = host.Admin();
        booking = BookingMessages.In(host);
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Shows_what_sales_leave_available()
    {
        var shown = await PublishedAsync(tickets: 5);
        var (first, second, third) = (Sample.NewId(), Sample.NewId(), Sample.NewId());

        await booking.SendAsync(Entry(shown, first, 1, TicketState.OnPayment, 1, 2), Entry(shown, second, 1, TicketState.OnPayment, 3), Entry(shown, third, 1, TicketState.OnPayment, 4));
        await booking.WaitAsync();
        Assert.That(await AvailableAsync(shown), Is.EqualTo(1));

        await booking.SendAsync(Entry(shown, first, 2, TicketState.Sold, 1, 2), Entry(shown, second, 2, TicketState.Available, 3), Entry(shown, third, 2, TicketState.Sold, 4));
        await booking.WaitAsync();
        Assert.That(await AvailableAsync(shown), Is.EqualTo(2));
        Assert.That(await StatesAsync(shown), Is.EqualTo(new[] { "sold", "sold", "available", "sold", "available" }));

        await booking.SendAsync(Entry(shown, third, 3, TicketState.Available, 4));
        await booking.WaitAsync();
        Assert.That(await AvailableAsync(shown), Is.EqualTo(3));
    }

    [Test]
    public async Task Takes_messages_that_come_twice_and_out_of_order()
    {
        var shown = await PublishedAsync(tickets: 3);
        var (expired, paid, canceled) = (Sample.NewId(), Sample.NewId(), Sample.NewId());
        OutboxEntry[] history =
        [
            Entry(shown, expired, 1, TicketState.OnPayment, 1), Entry(shown, expired, 2, TicketState.Available, 1),
            Entry(shown, paid, 1, TicketState.OnPayment, 1), Entry(shown, paid, 2, TicketState.Sold, 1),
            Entry(shown, canceled, 1, TicketState.OnPayment, 2, 3), Entry(shown, canceled, 2, TicketState.Available, 2, 3),
        ];

        await booking.SendAsync([.. history.Reverse(), .. history, .. history.Reverse()]);
        await booking.WaitAsync();

        Assert.That(await StatesAsync(shown), Is.EqualTo(new[] { "sold", "available", "available" }));
        Assert.That(await AvailableAsync(shown), Is.EqualTo(2));
        Assert.That(await host.App.Services.GetRequiredService<IDeadLetters>().CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Keeps_up_with_many_orders_at_once()
    {
        var shown = await PublishedAsync(tickets: 1_000);
        var orders = Enumerable.Range(1, 1_000).Select(number => (Id: Sample.NewId(), Number: number)).ToList();

        await booking.SendAsync([.. orders.Select(order => Entry(shown, order.Id, 1, TicketState.OnPayment, order.Number))]);
        await booking.SendAsync([.. orders.Where(order => order.Number % 2 == 0).Select(order => Entry(shown, order.Id, 2, TicketState.Sold, order.Number))]);
        await booking.WaitAsync();

        var tier = shown.Tiers[0].Id;
        var stored = (await Store().FindAsync(shown.Id))!.Tiers.Single();
        Assert.That((stored.Id, stored.Held, stored.Sold), Is.EqualTo((tier, 500, 500)));
    }

    [Test]
    public async Task Puts_an_order_for_a_tier_that_is_not_there_with_the_dead_letters_and_goes_on()
    {
        await using var other = await EventsHost.StartAsync();
        var messages = BookingMessages.In(other);
        var made = await other.Admin().PublishEventAsync(TicketBoothApi.EventBody(tickets: 2));
        var shown = (await other.App.Services.GetRequiredService<IEventStore>().FindAsync(Guid.Parse((string)made["id"]!)))!;
        var sale = Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 1);

        await messages.SendAsync(
            BookingMessages.Entry(sale with { Tickets = [sale.Tickets[0] with { TierId = Sample.NewId() }] }),
            Entry(shown, Sample.NewId(), 1, TicketState.OnPayment, 2));
        await messages.WaitAsync();

        var letter = (await other.App.Services.GetRequiredService<IDeadLetters>().ListAsync(10)).Single();
        Assert.That(letter.Module, Is.EqualTo("Events"));
        Assert.That(letter.Entry.Key, Is.EqualTo(sale.OrderId));
        Assert.That((int?)(await new TicketBoothApi(other.Client).GetAsync($"/api/v1/events/{shown.Id}"))["available"], Is.EqualTo(1));
    }

    [Test]
    public async Task Tickets_off_sale_are_not_available_whatever_the_order_of_the_messages()
    {
        var shown = await PublishedAsync(tickets: 6);
        var (held, released, withdrawn) = (Sample.Block(shown, TicketBlockKind.Hold, 1, 2), Sample.Block(shown, TicketBlockKind.Hold, 3, 3), Sample.Block(shown, TicketBlockKind.Kill, 4, 5));
        OutboxEntry[] messages = [.. new[] { Sample.Released(released), held, withdrawn, released, held, withdrawn }.Select(BookingMessages.Entry)];

        await booking.SendAsync([.. messages, Entry(shown, Sample.NewId(), 1, TicketState.OnPayment, 6)]);
        await booking.WaitAsync();

        Assert.That(await StatesAsync(shown), Is.EqualTo(new[] { "sold", "sold", "available", "on_payment" }), "what is withdrawn is not listed");
        Assert.That(await AvailableAsync(shown), Is.EqualTo(1));
        var stored = (await Store().FindAsync(shown.Id))!;
        Assert.That((stored.Released, stored.Tiers[0].OffSale, stored.Tiers[0].Sold), Is.EqualTo((4, 2, 0)));
        Assert.That(stored.Revision, Is.EqualTo(shown.Revision + 1), "a withdrawal counts as an edit, and a hold does not");
    }

    private static OutboxEntry Entry(Event shown, Guid orderId, int revision, TicketState state, params int[] numbers) =>
        BookingMessages.Entry(Sample.Update(shown, orderId, revision, state, numbers));

    private IEventStore Store() => host.App.Services.GetRequiredService<IEventStore>();

    private async Task<Event> PublishedAsync(int tickets)
    {
        var made = await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets));
        return (await Store().FindAsync(Guid.Parse((string)made["id"]!)))!;
    }

    private async Task<int> AvailableAsync(Event shown)
    {
        var reader = new TicketBoothApi(host.Client);
        var found = await reader.GetAsync($"/api/v1/events/{shown.Id}");
        var listed = ((JsonArray)(await reader.GetAsync("/api/v1/events?limit=200"))["items"]!).Single(item => (string?)item!["id"] == shown.Id.ToString());
        Assert.That((int?)listed!["available"], Is.EqualTo((int?)found["available"]), "the list says the same");
        return (int)found["available"]!;
    }

    private async Task<IEnumerable<string?>> StatesAsync(Event shown)
    {
        var page = await new TicketBoothApi(host.Client).GetAsync($"/api/v1/events/{shown.Id}/tickets");
        return ((JsonArray)page["items"]!).Select(ticket => (string?)ticket!["state"]);
    }
}
