using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Reads;

[TestFixture]
internal sealed class GetEventForSaleTests
{
    private FakeTimeProvider clock = null!;
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        clock = new FakeTimeProvider(Sample.Now);
        host = await EventsHost.StartAsync(clock);
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Tells_the_seller_what_a_published_event_offers()
    {
        var id = await MadeAsync(Sample.Form(Sample.Tier("Front", 30_000, 3), Sample.Tier("Back", 10_000, 5)) with { Large = true, Currency = "USD" });
        await SendAsync(new PublishEvent(id));
        await SendAsync(new EditEvent(id, Sample.Form(Sample.Tier("Front", 31_000, 4), Sample.Tier("Back", 10_000, 5))));

        var sale = await SendAsync(new GetEventForSale(id));

        Assert.That((sale.Id, sale.Version, sale.SaleOpensAt, sale.SaleClosesAt), Is.EqualTo((id, 3L, Sample.Now, Sample.Now.AddDays(29))));
        Assert.That(sale.EndsAt, Is.EqualTo(Sample.Now.AddDays(30)), "the show starts after the sale has closed");
        Assert.That(sale.ChangedAt, Is.EqualTo(Sample.Now));
        Assert.That((sale.Currency, sale.Large, sale.IsCanceled), Is.EqualTo(("USD", true, false)));
        Assert.That(sale.Tiers.Select(tier => tier.Price), Is.EqualTo(new[] { 31_000L, 10_000L }));
        Assert.That(sale.Tiers[0].Tickets, Is.EqualTo(new[] { new TicketRange(1, 3), new TicketRange(9, 1) }));
        Assert.That(sale.Tiers[1].Tickets, Is.EqualTo(new[] { new TicketRange(4, 5) }));
        Assert.That(TaggedId.BaseOf(TaggedId.Of(sale.Id, 9)), Is.EqualTo(id));
    }

    [Test]
    public async Task Hides_drafts_and_still_shows_what_was_canceled()
    {
        var draft = await MadeAsync(Sample.Form());
        var canceled = await MadeAsync(Sample.Form());
        await SendAsync(new PublishEvent(canceled));
        await SendAsync(new CancelEvent(canceled));

        Assert.That((await Mediator().Send(new GetEventForSale(draft))).Error?.Code, Is.EqualTo("event-not-found"));
        Assert.That((await Mediator().Send(new GetEventForSale(Sample.NewId()))).Error?.Code, Is.EqualTo("event-not-found"));
        Assert.That((await SendAsync(new GetEventForSale(canceled))).IsCanceled, Is.True);

        await SendAsync(new CancelEvent(draft));
        Assert.That((await Mediator().Send(new GetEventForSale(draft))).Error?.Code, Is.EqualTo("event-not-found"), "a canceled draft never was on sale");
    }

    private IMediator Mediator() => host.App.Services.GetRequiredService<IMediator>();

    private async Task<T> SendAsync<T>(IRequest<BuildingBlocks.Kernel.Result<T>> request) => (await Mediator().Send(request)).Value;

    private async Task<Guid> MadeAsync(EventForm form) => (await SendAsync(new CreateEvent(form))).Id;
}
