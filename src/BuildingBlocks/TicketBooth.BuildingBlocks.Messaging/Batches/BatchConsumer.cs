using MassTransit;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Batches;

/// <summary>A consumer that only says what a message changes. The change is written with those of hundreds of other messages.</summary>
public abstract class BatchConsumer<TChange>
{
    private protected BatchConsumer() { }

    /// <summary>MassTransit's URN of its message.</summary>
    internal abstract string MessageType { get; }

    internal abstract TChange ChangeOf(OutboxEntry entry);
}

/// <inheritdoc/>
/// <remarks>
/// To MassTransit it is a consumer like any other. A message that comes alone (a dead letter that is replayed, or one that could not be
/// written with its page) passes through the pipeline and is a batch of one. A page does not: see <see cref="ModuleBatch{TChange}"/>.
/// </remarks>
public abstract class BatchConsumer<TMessage, TChange>(IBatchWriter<TChange> writer) : BatchConsumer<TChange>, IConsumer<TMessage>
    where TMessage : class
{
    internal sealed override string MessageType { get; } = MessageUrn.ForTypeString<TMessage>();

    public Task Consume(ConsumeContext<TMessage> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return writer.ApplyAsync([ChangeOf(context.Message, InboxKey.Of(this, context))], context.CancellationToken);
    }

    /// <summary>What the message changes: a pure function.</summary>
    /// <param name="message">The message.</param>
    /// <param name="key">For a store that marks in its inbox what it has applied.</param>
    protected abstract TChange ChangeOf(TMessage message, InboxKey key);

    internal sealed override TChange ChangeOf(OutboxEntry entry) =>
        ChangeOf(entry.Read<TMessage>(), new InboxKey(GetType().Name, entry.MessageId));
}
