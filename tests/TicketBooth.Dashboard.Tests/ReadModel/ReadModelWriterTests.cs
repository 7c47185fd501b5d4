using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.ReadModel;

internal sealed class ReadModelWriterTests(Provider provider) : DashboardFixture(provider)
{
    private readonly List<ReadModelWriter> writers = [];
    private TestHost host = null!;

    [SetUp]
    public async Task StartHostAsync() => host = await StartHostAsync(("Modules", "Dashboard"));

    [TearDown]
    public async Task StopHostAsync()
    {
        foreach (var writer in writers)
        {
            await writer.StopAsync(CancellationToken.None);
            writer.Dispose();
        }

        writers.Clear();
        await host.DisposeAsync();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Writers_on_several_hosts_make_exact_sums(CancellationToken cancellationToken)
    {
        var stories = Stories.Tell([.. Enumerable.Range(1, 150)], shuffle: 42);
        ReadModelWriter[] several = [await NewWriterAsync(), await NewWriterAsync(), await NewWriterAsync()];

        // The messages of one order are with different writers at once.
        await Task.WhenAll(stories.Arrivals.Select((said, i) => several[i % several.Length].ApplyAsync([said], cancellationToken)));

        Assert.That(OrderLines(), Is.EquivalentTo(stories.Lives.Select(life => Line(life.Row))));
        Assert.That(SalesLines(), Is.EquivalentTo(Expected(stories.Lives.Select(life => life.Row))));
    }

    [Test]
    public async Task One_that_cannot_be_written_fails_alone()
    {
        var stories = Stories.Tell([1, 2, 3], shuffle: 1);
        var writer = await NewWriterAsync(starts: false);

        // An order that nothing ever happened to.
        var poison = stories.Lives[0].Placed with { OrderId = Guid.CreateVersion7(), PlacedAt = null };
        var before = stories.Lives.Select(life => writer.ApplyAsync([life.Placed], CancellationToken.None)).ToList();
        var poisoned = writer.ApplyAsync([poison], CancellationToken.None);
        await writer.StartAsync(CancellationToken.None);

        Assert.That(() => poisoned, Throws.InvalidOperationException);
        await Task.WhenAll(before);
        Assert.That(OrderLines(), Is.EquivalentTo(stories.Lives.Select(life => Line(life.Placed.Merge(null, 0)))));
        Assert.That(SalesLines(), Is.EquivalentTo(Expected(stories.Lives.Select(life => life.Placed.Merge(null, 0)))));
    }

    [Test]
    public async Task A_failure_of_the_store_is_the_callers_and_leaves_nothing_behind()
    {
        var life = Stories.Tell([3], shuffle: 1).Lives[0];
        var writer = await NewWriterAsync();
        var version = Version();
        Database.Sql("ALTER TABLE DashboardSales RENAME TO Elsewhere");

        var failure = Assert.CatchAsync<System.Data.Common.DbException>(() => writer.ApplyAsync([life.Placed], CancellationToken.None));

        Assert.That(failure!.Message, Does.Contain("DashboardSales"));
        Assert.That(OrderLines(), Is.Empty);
        Assert.That(Version(), Is.EqualTo(version));

        Database.Sql("ALTER TABLE Elsewhere RENAME TO DashboardSales");
        await writer.ApplyAsync([life.Placed], CancellationToken.None);
        Assert.That(SalesLines(), Is.EquivalentTo(Expected([life.Placed.Merge(null, 0)])), "the writer goes on");
    }

    [Test]
    public async Task Versions_grow_and_are_announced()
    {
        var changes = host.App.Services.GetRequiredService<ReadModelChanges>();
        var writer = await NewWriterAsync();
        foreach (var life in Stories.Tell([1, 2, 3], shuffle: 1).Lives)
        {
            var (kept, announced) = (Version(), changes.Version);
            await writer.ApplyAsync([life.Placed], CancellationToken.None);

            Assert.That(Version(), Is.GreaterThan(kept));
            Assert.That(changes.Version, Is.GreaterThan(announced).And.EqualTo(Version()));
        }
    }

    [Test]
    public async Task The_same_event_twice_and_an_older_one_leave_the_newest()
    {
        var writer = await NewWriterAsync();
        var shown = Shown(version: 5, name: "New");

        await writer.ApplyAsync([new EventUpdate(shown)], CancellationToken.None);
        await writer.ApplyAsync([new EventUpdate(shown)], CancellationToken.None);
        await writer.ApplyAsync([new EventUpdate(shown with { Version = 4, Name = "Old" })], CancellationToken.None);

        Assert.That(Database.Lines("SELECT Version, Name, Released FROM DashboardEvents"), Is.EqualTo(["5|NEW|30"]));
    }

    [Test]
    public async Task Drafts_are_not_shown()
    {
        await (await NewWriterAsync()).ApplyAsync([new EventUpdate(Shown(version: 1, name: "Draft") with { IsPublished = false, PublishedAt = null })], CancellationToken.None);

        Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardEvents"), Is.Zero);
    }

    private static Events.Contracts.EventFacts Shown(long version, string name) => new(
        new Guid("0199e2f0-0000-7000-8000-000000000001"), version, IsPublished: true, IsCanceled: false, name, "Hall", Stories.Start.AddDays(9), Stories.Start, Stories.Start.AddDays(8), "BRL", 30,
        [new Events.Contracts.TierFacts(Guid.Empty, "Front", 100, 10), new Events.Contracts.TierFacts(Guid.Empty, "Back", 50, 20)]);

    private static string Line(OrderRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Id}|{row.Revision}|{(int)row.Status}|{row.Total}|{row.PlacedAt.UtcTicks}|{row.PaidAt?.UtcTicks}|{row.EndedAt?.UtcTicks}|{row.PaymentId}").ToUpperInvariant();

    private async Task<ReadModelWriter> NewWriterAsync(bool starts = true)
    {
        var services = host.App.Services;
        var writer = new ReadModelWriter(
            services.GetRequiredKeyedService<RelationalStorage>(DashboardDbContext.Module), services.GetRequiredService<DashboardZone>(), services.GetRequiredService<ReadModelChanges>(),
            services.GetRequiredService<IOutageDetector>());
        writers.Add(writer);
        if (starts)
        {
            await writer.StartAsync(CancellationToken.None);
        }

        return writer;
    }

    private long Version() => Database.Sql("SELECT Value FROM DashboardState WHERE Name = 'version'");

    private List<string> OrderLines() => Database.Lines("SELECT Id, Revision, Status, Total, PlacedAt, PaidAt, EndedAt, PaymentId FROM DashboardOrders");

    private IEnumerable<string> SalesLines() => Rows().Where(row => row.StartsWith("SALES|", StringComparison.Ordinal));

    private static IEnumerable<string> Expected(IEnumerable<OrderRow> rows) => MergeProperties.SumsOf(rows, TimeZoneInfo.Utc).Select(sum => string.Create(
        CultureInfo.InvariantCulture,
        $"sales|{sum.Key.EventId}|{sum.Key.TierId}|{(int)sum.Key.Span}|{sum.Key.At}|{sum.Value.OrdersPlaced}|{sum.Value.OrdersPaid}|{sum.Value.OrdersLapsed}|{sum.Value.OrdersRefunded}|{sum.Value.Taken}|{sum.Value.Sold}|{sum.Value.Lapsed}|{sum.Value.Refunded}|{sum.Value.Revenue}|{sum.Value.Returned}|{sum.Value.Disputes}").ToUpperInvariant());
}
