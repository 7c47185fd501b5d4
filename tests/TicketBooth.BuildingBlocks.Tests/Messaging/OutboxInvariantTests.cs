using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

/// <summary>A message that nobody delivers is found by a host that serves, and delivered where that is possible.</summary>
public sealed class OutboxInvariantTests
{
    private FakeTimeProvider clock = null!;
    private TempFolder folder = null!;

    [SetUp]
    public void Make() =>
        (clock, folder) = (new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero)), new TempFolder());

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_relay_that_was_not_told_of_a_message_is_made_to_look_again()
    {
        var script = new Script();
        await using var host = await RelayHost.StartAsync(folder.Path, clock, script);
        await host.PublishAsync(new Tick(Guid.CreateVersion7(), 1));
        await Soon.Async(() => host.Undelivered() == 0, "the first message to be delivered");
        await AppendSilentlyAsync(host, 2);
        Assert.That(await CheckAsync(host), Is.Empty, "it may be on its way");

        clock.Advance(TimeSpan.FromMinutes(6));
        var found = (await CheckAsync(host)).Single();
        Assert.That((found.Promise, found.Text), Is.EqualTo(("I4", "a message of the outbox outbox waits since 2026-11-23T20:00:00.0000000+00:00")));

        Assert.That(await RepairAsync(found), Is.True);
        Assert.That(script.CameToFirst.Select(tick => tick.Number), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await CheckAsync(host), Is.Empty);
    }

    [Test]
    public async Task A_message_whose_module_does_not_take_it_is_left_to_a_person()
    {
        var script = new Script { Pages = (_, _) => throw new StoreNotAnsweringException("It hangs.") };
        await using var host = await RelayHost.StartAsync(folder.Path, clock, script);
        await host.PublishAsync(new Tick(Guid.CreateVersion7(), 1));
        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.That(await RepairAsync((await CheckAsync(host)).Single()), Is.False);
    }

    /// <summary>While nothing serves, what is in an outbox is what the next start delivers.</summary>
    [Test]
    public async Task The_command_audit_has_nothing_to_say_of_it()
    {
        await using var host = await RelayHost.StartAsync(folder.Path, clock, new Script());
        await AppendSilentlyAsync(host, 1);
        clock.Advance(TimeSpan.FromMinutes(6));
        var report = new InvariantReport();

        await new OutboxInvariant(host.Relay, clock).RunAsync(report, CancellationToken.None);

        Assert.That(report.Violations, Is.Empty);
    }

    private Task AppendSilentlyAsync(RelayHost host, int number)
    {
        var tick = new Tick(Guid.CreateVersion7(), number);
        var entry = MessageCodec.Encode(tick, tick.Key, clock.GetUtcNow());
        return host.Database.WriteAsync(session => SqliteOutbox.Append(session, entry));
    }

    private async Task<IReadOnlyList<Violation>> CheckAsync(RelayHost host)
    {
        var report = new InvariantReport(_ => Task.CompletedTask);
        await new OutboxInvariant(host.Relay, clock).RunAsync(report, CancellationToken.None);
        return report.Violations;
    }

    private async Task<bool> RepairAsync(Violation found)
    {
        var repairing = found.Repair!(CancellationToken.None);
        await Soon.Async(() => repairing.IsCompleted, "the repair to end", () => clock.Advance(TimeSpan.FromMilliseconds(20)));
        return await repairing;
    }
}
