using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Stalls.Contracts;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

/// <summary>A consuming module of one or of several hosts: remembers what had its effect, in the order in which that was.</summary>
internal sealed class FakeModule(string name) : IMessageDestination
{
    private static readonly string Followed = MessageUrn.ForTypeString<SeatTaken>();

    public string Name => name;

    public bool YieldsToSales => false;

    /// <summary>Runs before a message has its effect, which it has when this completes.</summary>
    public Func<OutboxEntry, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public ConcurrentQueue<(OutboxEntry Entry, string Source)> Effects { get; } = new();

    public IEnumerable<SeatTaken> Seats => Effects.Select(effect => JsonSerializer.Deserialize<SeatTaken>(effect.Entry.Body, SystemTextJsonMessageSerializer.Options)!);

    public bool Accepts(OutboxEntry entry) => entry.MessageType == Followed;

    /// <summary>How many messages each page brought.</summary>
    public ConcurrentQueue<int> Pages { get; } = new();

    public Task<IReadOnlyList<OutboxEntry>> DeliverAsync(IReadOnlyList<OutboxEntry> page, string source, CancellationToken cancellationToken)
    {
        Pages.Enqueue(page.Count);
        return KeyedDelivery.RunAsync(
            page,
            32,
            async (entry, ct) =>
            {
                await Before(entry, ct);
                Effects.Enqueue((entry, source));
            },
            cancellationToken);
    }
}
