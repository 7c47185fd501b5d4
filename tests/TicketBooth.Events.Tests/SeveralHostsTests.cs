using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests;

/// <summary>Hosts with the Events module that share a MongoDB.</summary>
[TestFixture]
internal sealed class SeveralHostsTests
{
    private MongoDbSpace space = null!;

    [SetUp]
    public void Open() => space = new MongoDbSpace();

    [TearDown]
    public async Task DropAsync() => await space.DisposeAsync();

    [Test]
    public async Task An_event_that_one_host_published_is_sold_at_both_and_audited_at_a_third()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        var id = (Guid)(await one.Admin().PublishEventAsync(TicketBoothApi.EventBody(tickets: 30)))["id"]!;
        var shown = (await other.App.Services.GetRequiredService<IEventStore>().FindAsync(id))!;

        var (atOne, atOther) = (BookingMessages.In(one), BookingMessages.In(other));
        var sales = Enumerable.Range(1, 30).Select(number => BookingMessages.Entry(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, number))).ToArray();
        await Task.WhenAll(atOne.SendAsync(sales[..20]), atOther.SendAsync(sales[10..]));
        await Task.WhenAll(atOne.WaitAsync(), atOther.WaitAsync());

        var (status, body, _) = await other.Client.AskAsync($"/api/v1/events/{id}");
        Assert.That((status, (int?)body?["available"]), Is.EqualTo((200, 0)));
        await using var auditor = await StartAsync(("Storage:ReadOnly", "true"));
        var report = new InvariantReport();
        using var scope = auditor.App.Services.CreateScope();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
        {
            await check.RunAsync(report, CancellationToken.None);
        }

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures, Does.Contain(("I7", "tickets on payment", 30L)));
    }

    private Task<TestHost> StartAsync(params (string Key, string Value)[] settings) =>
        EventsHost.StartAsync(settings: [("ConnectionStrings:MongoDb", space.ConnectionString), .. settings]);
}
