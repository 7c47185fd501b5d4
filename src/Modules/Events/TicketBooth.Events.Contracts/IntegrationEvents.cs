namespace TicketBooth.Events.Contracts;

/// <summary>An event was published: it is public, and on sale within its sale window. Ask <see cref="GetEventForSale"/> for the rest.</summary>
/// <param name="Revision">Of the event after this change; a lower one than already known is old news.</param>
public sealed record EventPublished(Guid EventId, long Revision, DateTimeOffset At);

/// <summary>A published event was edited: dates, prices or tickets may have changed. Ask <see cref="GetEventForSale"/> for the rest.</summary>
/// <param name="Revision">Of the event after this change; a lower one than already known is old news.</param>
public sealed record EventChanged(Guid EventId, long Revision, DateTimeOffset At);

/// <summary>A published event was canceled: every order on payment is to be canceled, every paid one refunded. There is no way back.</summary>
/// <param name="Revision">Of the event after this change.</param>
public sealed record EventCanceled(Guid EventId, long Revision, DateTimeOffset At);
