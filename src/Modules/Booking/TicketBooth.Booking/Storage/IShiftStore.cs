using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Storage;

/// <summary>The shifts of the counter, and how many tickets of an event may be given away. Shared by all shards.</summary>
internal interface IShiftStore
{
    /// <summary>Writes a new shift. Durable when it completes. A unique index decides that a clerk has one open shift.</summary>
    /// <returns>False when the clerk has an open shift, or there is a shift with this id.</returns>
    Task<bool> AddAsync(Shift shift);

    /// <summary>Writes the next version of a shift. Durable when it completes.</summary>
    /// <returns>False when the stored version is not the one before it.</returns>
    Task<bool> ReplaceAsync(Shift shift);

    /// <summary>The shift; null when there is none.</summary>
    Task<Shift?> FindAsync(Guid id);

    /// <summary>The clerk's open shift; null when there is none.</summary>
    Task<Shift?> FindOpenAsync(Guid clerkId);

    /// <summary>Shifts by the time of their opening and then their id, newest first.</summary>
    Task<IReadOnlyList<Shift>> ListAsync(ShiftFilter filter, int limit);

    /// <summary>How many tickets of the event may be given away; 0 while nobody said.</summary>
    Task<int> AllowanceAsync(Guid eventId);

    /// <summary>Stores how many tickets of the event may be given away.</summary>
    Task AllowAsync(Guid eventId, int allowance);
}

/// <summary>Which shifts are wanted; null for all.</summary>
/// <param name="From">Opened then or later.</param>
/// <param name="To">Opened before then.</param>
/// <param name="IsOpen">Open ones, or closed ones.</param>
/// <param name="Before">Behind this one in the list.</param>
internal sealed record ShiftFilter(
    Guid? ClerkId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    bool? IsOpen = null,
    (DateTimeOffset OpenedAt, Guid Id)? Before = null
);
