namespace TicketBooth.Notifications.Domain;

/// <summary>Which mail an order that is not paid makes next, unless something happens before its time. Stored as a number.</summary>
internal enum NextMail
{
    None,

    /// <summary>That there is an order, and until when it can be paid.</summary>
    OrderPlaced,

    /// <summary>That its hold is about to end.</summary>
    HoldEnding,
}
