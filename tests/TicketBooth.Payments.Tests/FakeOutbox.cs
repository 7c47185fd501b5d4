using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests;

/// <summary>Booking's outbox, in memory.</summary>
internal sealed class FakeOutbox : IOutboxSource
{
    private readonly List<OutboxEntry> entries = [];
    private readonly FakeTimeProvider clock;
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long consumed;

    public FakeOutbox(PaymentsHost payments, FakeTimeProvider clock)
    {
        this.clock = clock;
        payments.Get<OutboxRelay>().Attach(this);
    }

    public string Name => "booking";

    public void Send(RefundDue due) => Send(MessageCodec.Encode(due, due.OrderId, clock.GetUtcNow()));

    public void Send(IOrderMessage message) => Send(MessageCodec.Encode(message, message.OrderId, clock.GetUtcNow()));

    public void Send(OutboxEntry entry)
    {
        lock (entries)
        {
            entries.Add(entry with { Sequence = entries.Count + 1 });
            more.TrySetResult();
            more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task AllConsumedAsync() => Eventually.Async(() => Task.FromResult(Interlocked.Read(ref consumed)), count => count == entries.Count, "every message to be consumed");

    public Task<long> SubscribeAsync(string module) => Task.FromResult(0L);

    public Task UnsubscribeAsync(string destination) => Task.CompletedTask;

    public Task ForgetMessagesAsync(DateTimeOffset before) => Task.CompletedTask;

    public Task<long> DepthAsync(CancellationToken cancellationToken) => Task.FromResult(entries.Count - Interlocked.Read(ref consumed));

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public void Wake()
    {
    }

    public IReadOnlyList<OutboxEntry> Read(long sequence, int limit)
    {
        lock (entries)
        {
            return [.. entries.Skip((int)sequence).Take(limit)];
        }
    }

    public Task AcknowledgeAsync(IReadOnlyDictionary<string, long> cursors)
    {
        Interlocked.Exchange(ref consumed, cursors.Values.Min());
        return Task.CompletedTask;
    }

    public Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        lock (entries)
        {
            return entries.Count > sequence ? Task.CompletedTask : more.Task.WaitAsync(cancellationToken);
        }
    }
}
