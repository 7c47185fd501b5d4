using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage;

/// <summary>What gateways told us that is about no payment of ours. Durable when a method's task completes.</summary>
internal interface IMoneyStore
{
    /// <summary>
    /// Changes or adds unmatched money in one atomic write. Fails as <paramref name="decide"/> does; then nothing is written.
    /// </summary>
    /// <param name="decide">Pure: it may run more than once. Gets null when there is none.</param>
    Task<Result<UnmatchedMoney>> ChangeAsync(Guid id, Func<UnmatchedMoney?, Result<UnmatchedMoney>> decide);

    Task<UnmatchedMoney?> FindAsync(Guid id);

    /// <summary>Unmatched money by id, ascending.</summary>
    /// <param name="openOnly">Only what waits for a person or for its refund.</param>
    Task<IReadOnlyList<UnmatchedMoney>> ListAsync(bool openOnly, Guid after, int limit);

    /// <summary>Stores a webhook whose type we do not know; once, however often it comes.</summary>
    Task AddUnreadAsync(UnreadWebhook webhook);

    Task<IReadOnlyList<UnreadWebhook>> ListUnreadAsync(int limit);

    /// <summary>Removes the unread webhooks from before <paramref name="before"/>.</summary>
    Task ForgetUnreadAsync(DateTimeOffset before);
}

/// <summary>A verified webhook that we make nothing of.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="Body">As it came.</param>
internal sealed record UnreadWebhook(string Gateway, string Id, string Type, string Body, DateTimeOffset At);
