using TicketBooth.Events.Contracts;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Composing;

/// <summary>What a mail is composed of.</summary>
/// <param name="Name">Of the person; null when it is not known.</param>
/// <param name="Data">As the kind has it.</param>
internal sealed record MailFacts(string Kind, string Language, string? Name, string? Data)
{
    public OrderRow? Order { get; init; }

    public EventFacts? Event { get; init; }

    /// <summary>The name of whoever offers a ticket; null when it is not known.</summary>
    public string? OwnerName { get; init; }

    /// <summary>While the order waits for a payment by Pix.</summary>
    public string? PixCode { get; init; }

    /// <summary>The tickets as a document; empty when nobody makes any, null while they are not made yet.</summary>
    public IReadOnlyList<TicketAttachment>? Tickets { get; init; } = [];
}

/// <summary>A document that goes along with a mail.</summary>
/// <param name="FileName">With its ending.</param>
/// <param name="MediaType">For example <c>application/pdf</c>.</param>
internal sealed record TicketAttachment(string FileName, string MediaType, byte[] Content);

/// <summary>Gets the documents of an order's tickets. Where nobody makes such documents, none is registered.</summary>
internal interface ITicketAttachments
{
    /// <summary>The documents; null while they are not made yet.</summary>
    Task<IReadOnlyList<TicketAttachment>?> GetAsync(Guid orderId, string language, CancellationToken cancellationToken);
}

/// <summary>Of mails with a token.</summary>
internal sealed record TokenData(string Token, DateTimeOffset ExpiresAt, string? Role = null);

/// <summary>Of mails about a moment.</summary>
internal sealed record MomentData(DateTimeOffset At, string? Device = null, string? Address = null);

/// <summary>Of mails about money that goes back.</summary>
/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="EndsOrder">Whether the order holds no ticket any more.</param>
internal sealed record RefundData(long Amount, bool EndsOrder);

/// <summary>Of mails about an event that was changed: as it was before.</summary>
internal sealed record ChangeData(
    string Name,
    string Venue,
    DateTimeOffset StartsAt,
    string NewName,
    string NewVenue,
    DateTimeOffset NewStartsAt
);

/// <summary>Of mails about the transfer of a ticket.</summary>
/// <param name="OwnerId">Who has offered it.</param>
/// <param name="Email">Whom it was offered to.</param>
internal sealed record TransferData(Guid TransferId, Guid OwnerId, string Email, Guid TierId, int Number);
