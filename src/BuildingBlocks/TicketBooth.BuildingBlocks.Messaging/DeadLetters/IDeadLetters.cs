using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.DeadLetters;

/// <summary>A message that a module could not process, and why.</summary>
/// <param name="Number">Identifies it; ascending.</param>
/// <param name="Module">The consuming module.</param>
/// <param name="Source">The outbox that it came from.</param>
/// <param name="Reason">The last failure's type and message.</param>
public sealed record DeadLetter(long Number, string Module, string Source, OutboxEntry Entry, string Reason, DateTimeOffset FailedAt);

/// <summary>Stores the messages that keep failing in a module, so that they do not block later messages.</summary>
public interface IDeadLetters
{
    Task AddAsync(string module, string source, OutboxEntry entry, string reason);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(int limit);

    Task<long> CountAsync();

    Task<DeadLetter?> FindAsync(long number);

    Task RemoveAsync(long number);
}
