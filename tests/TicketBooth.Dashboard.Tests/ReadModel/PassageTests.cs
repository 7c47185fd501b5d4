using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.ReadModel;

/// <summary>What the doors say may come twice, late and in any order; the sums are those of what happened.</summary>
internal sealed class PassageTests(Provider provider) : DashboardFixture(provider)
{
    private static readonly Guid[] events = [new("0199e2f0-0000-7000-8000-000000000001"), new("0199e2f0-0000-7000-8000-000000000002")];

    private TestHost host = null!;
    private ReadModelWriter writer = null!;

    [SetUp]
    public async Task StartHostAsync()
    {
        host = await StartHostAsync(("Modules", "Dashboard"));
        writer = new ReadModelWriter(
            host.App.Services.GetRequiredKeyedService<RelationalStorage>(DashboardDbContext.Module), host.App.Services.GetRequiredService<DashboardZone>(),
            host.App.Services.GetRequiredService<ReadModelChanges>(), host.App.Services.GetRequiredService<IOutageDetector>());
        await writer.StartAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task StopHostAsync()
    {
        await writer.StopAsync(CancellationToken.None);
        writer.Dispose();
        await host.DisposeAsync();
    }

    [Test]
    public async Task Any_arrival_gives_the_sums_of_what_happened([Values(1, 2, 3, 4)] int seed)
    {
        var random = new Random(seed);
        var lives = Enumerable.Range(0, 40).Select(number => Live(random, number)).ToList();
        PassageUpdate[] arrivals = [.. lives.SelectMany(life => life.Said), .. lives.SelectMany(life => life.Said)];
        random.Shuffle(arrivals);

        foreach (var page in arrivals.Chunk(1 + random.Next(30)))
        {
            await writer.ApplyAsync(page, CancellationToken.None);
        }

        Assert.That(Sums(), Is.EqualTo(Expected(lives)));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task One_passage_that_two_hosts_are_told_of_at_once_counts_once(CancellationToken cancellationToken)
    {
        using var other = new ReadModelWriter(
            host.App.Services.GetRequiredKeyedService<RelationalStorage>(DashboardDbContext.Module), host.App.Services.GetRequiredService<DashboardZone>(),
            host.App.Services.GetRequiredService<ReadModelChanges>(), host.App.Services.GetRequiredService<IOutageDetector>());
        await other.StartAsync(cancellationToken);
        var said = Enumerable.Range(1, 60).Select(number => Said(events[0], number, turn: 1)).ToList();

        await Task.WhenAll(said.SelectMany(one => new[] { writer.ApplyAsync([one], cancellationToken), other.ApplyAsync([one], cancellationToken) }));
        await other.StopAsync(CancellationToken.None);

        Assert.That(Sums().Single(row => row.Split('|')[1] == "0"), Does.EndWith("|0|60|0|60|60"));
    }

    [Test]
    public async Task A_ticket_that_was_issued_anew_is_where_its_newest_code_says()
    {
        await writer.ApplyAsync([Said(events[0], 1, turn: 1, generation: 2), Said(events[0], 1, turn: 1), Said(events[0], 1, turn: 2)], CancellationToken.None);

        Assert.That(Sums().Single(row => row.Split('|')[1] == "0"), Does.EndWith("|0|2|1|1|1"), "in, out, came and inside");
    }

    private static PassageUpdate Said(Guid eventId, int number, int turn, int generation = 1, DateTimeOffset? at = null) => new(
        Guid.CreateVersion7(), eventId, TaggedId.Of(eventId, (ushort)number), generation, turn, turn % 2 == 1, at ?? Stories.Start, IsUndone: false);

    /// <summary>A ticket goes in and out; the last passage may have been taken back.</summary>
    private static Life Live(Random random, int number)
    {
        var (eventId, passages, said) = (events[number % 2], new List<PassageUpdate>(), new List<PassageUpdate>());
        for (var turn = 1; turn <= random.Next(5); turn++)
        {
            var passage = Said(eventId, number, turn, at: Stories.Start.AddSeconds(random.Next(3_600)));
            said.Add(passage);
            if (random.Next(4) == 0)
            {
                said.Add(passage with { IsUndone = true });
                break;
            }

            passages.Add(passage);
        }

        return new Life(eventId, passages, said);
    }

    private static List<string> Expected(List<Life> lives) =>
    [
        .. lives
            .SelectMany(life => life.Counted)
            .GroupBy(passage => (passage.EventId, At: passage.ScannedAt.UtcTicks / (5 * TimeSpan.TicksPerMinute) * (5 * TimeSpan.TicksPerMinute)))
            .Select(same => Line(same.Key.EventId, same.Key.At, same.Count(one => one.IsEntry), same.Count(one => !one.IsEntry), 0, 0))
            .Concat(
                lives
                    .Where(life => life.Counted.Count > 0)
                    .GroupBy(life => life.EventId)
                    .Select(same => Line(
                        same.Key, 0, same.Sum(life => life.Counted.Count(one => one.IsEntry)), same.Sum(life => life.Counted.Count(one => !one.IsEntry)), same.Count(),
                        same.Count(life => life.Counted.Count % 2 == 1))))
            .Order(StringComparer.Ordinal),
    ];

    private static string Line(Guid eventId, long at, long entries, long exits, long came, long inside) =>
        string.Create(CultureInfo.InvariantCulture, $"{eventId}|{at}|{entries}|{exits}|{came}|{inside}").ToUpperInvariant();

    private List<string> Sums() =>
    [
        .. Database.Lines("SELECT EventId, At, Entries, Exits, Came, Inside FROM DashboardDoors WHERE Entries <> 0 OR Exits <> 0 OR Came <> 0 OR Inside <> 0")
            .Order(StringComparer.Ordinal),
    ];

    private sealed record Life(Guid EventId, List<PassageUpdate> Counted, List<PassageUpdate> Said);
}
