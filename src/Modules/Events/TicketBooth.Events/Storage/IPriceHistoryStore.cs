using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage;

/// <summary>
/// The histories of an event's prices and policies. Their rows are written with the change of the event that they are about
/// (<see cref="EventRecords"/>).
/// </summary>
internal interface IPriceHistoryStore
{
    /// <summary>Price changes of an event, newest first; those of one version ordered by tier id.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="tierId">Of this tier only.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="limit">How many at most.</param>
    Task<IReadOnlyList<PriceChange>> PriceChangesAsync(Guid eventId, Guid? tierId, (long Version, Guid TierId)? after, int limit);

    /// <summary>Changes of an event's pricing policy, newest first.</summary>
    Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit);
}
