namespace TicketBooth.Events.Reads.Cache;

/// <summary>What an answer answers.</summary>
/// <param name="EventId">
/// The event that it is about; <see cref="Guid.Empty"/> for a list of events, which a change of any event evicts.
/// </param>
/// <param name="Query">Which answer about it.</param>
internal readonly record struct ReadKey(Guid EventId, string Query);
