using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;

namespace TicketBooth.Notifications.Storage;

/// <summary>A mail that is to be sent, or that was. It is composed when it is sent.</summary>
internal sealed class MailRow
{
    /// <summary>Given by the database.</summary>
    public long Number { get; init; }

    /// <summary>What it is about and why: a cause makes one mail, however often it is told. Also makes the <c>Message-Id</c>.</summary>
    public required string UniqueKey { get; init; }

    public required string Kind { get; init; }

    public MailState State { get; set; }

    /// <summary>Mails of a bulk wait for all others.</summary>
    public bool IsBulk { get; init; }

    /// <summary>Whom it is for: name, address and language are asked for when it is sent, unless the mail has its own.</summary>
    public Guid? AccountId { get; set; }

    public string? Name { get; init; }

    public string? Email { get; set; }

    public string? Language { get; set; }

    public Guid? OrderId { get; init; }

    public Guid? EventId { get; init; }

    public long? BulkNumber { get; init; }

    /// <summary>What the kind needs besides, as JSON; removed when the mail is done and held a secret.</summary>
    public string? Data { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not before this time. While a host sends it, when another one may try.</summary>
    public DateTimeOffset NextTryAt { get; set; }

    /// <summary>Counted before each try, so that a host that dies has tried.</summary>
    public int Tries { get; set; }

    /// <summary>Who tries it now.</summary>
    public Guid? Claim { get; set; }

    /// <summary>What the last try that failed said.</summary>
    public string? Failure { get; set; }

    public DateTimeOffset? DoneAt { get; set; }
}

/// <summary>What mails tell of an order, from the messages about it.</summary>
internal sealed class OrderRow
{
    public required Guid Id { get; init; }

    /// <summary>Of the newest message about the order itself; 0 before the first.</summary>
    public int Revision { get; set; }

    public OrderState State { get; set; }

    public Guid EventId { get; set; }

    public Guid BuyerId { get; set; }

    /// <summary>By which a mail is found that is about a person; null for a sale at the counter, which has no account.</summary>
    public Guid? Account => BuyerId == Guid.Empty || BuyerId == Id ? null : BuyerId;

    /// <summary>Of <see cref="TicketGroup"/>, as JSON.</summary>
    public string Tickets { get; set; } = "[]";

    public long Total { get; set; }

    public string Currency { get; set; } = "";

    /// <summary>That the buyer's client asked for; null when it asked for none.</summary>
    public string? Language { get; set; }

    public DateTimeOffset PlacedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The newest attempt to pay.</summary>
    public Guid? PaymentId { get; set; }

    public bool IsByPix { get; set; }

    public DateTimeOffset? PaymentAt { get; set; }

    /// <summary>The newest attempt has no outcome yet.</summary>
    public bool IsPaying { get; set; }

    public NextMail NextMail { get; private set; }

    /// <summary>Null when there is none.</summary>
    public DateTimeOffset? NextMailAt { get; private set; }

    public void Await(NextMail mail, DateTimeOffset at) => (NextMail, NextMailAt) = (mail, at);

    public void AwaitNoMail() => (NextMail, NextMailAt) = (NextMail.None, null);
}

/// <summary>Tickets of an order that have the tier and the price in common.</summary>
/// <param name="Price">Of each, in the currency's smallest unit.</param>
/// <param name="Numbers">Within the event.</param>
internal sealed record TicketGroup(Guid Tier, long Price, IReadOnlyList<int> Numbers);

/// <summary>What was known of an event last, to see what has changed.</summary>
internal sealed class EventRow
{
    public required Guid Id { get; init; }

    public long Version { get; set; }

    public required string Name { get; set; }

    public required string Venue { get; set; }

    public DateTimeOffset StartsAt { get; set; }

    public DateTimeOffset? CanceledAt { get; set; }
}

/// <summary>Mails to all who have an order of an event.</summary>
internal sealed class BulkRow
{
    /// <summary>Given by the database.</summary>
    public long Number { get; init; }

    /// <summary>The cause, once.</summary>
    public required string UniqueKey { get; init; }

    public required string Kind { get; init; }

    public Guid EventId { get; init; }

    public string? Data { get; init; }

    /// <summary>When the event was canceled or changed.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The last order whose mail is in the queue.</summary>
    public Guid? QueuedUpTo { get; set; }

    public bool IsQueued { get; set; }
}
