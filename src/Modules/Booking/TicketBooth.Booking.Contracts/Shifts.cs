using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>What a line of a shift is about.</summary>
public enum ShiftEntryKind
{
    /// <summary>Tickets were sold.</summary>
    Sale,

    /// <summary>A sale was taken back shortly after it.</summary>
    Void,

    /// <summary>Money of a counter sale was given back later.</summary>
    Refund,

    /// <summary>Cash was put into the drawer.</summary>
    PayIn,

    /// <summary>Cash was taken out of the drawer, for example into the safe.</summary>
    Drop,
}

/// <summary>The sums of a shift, in cents.</summary>
/// <param name="Sales">How many sales, voided ones too; complimentary ones are counted apart.</param>
/// <param name="Complimentary">How many complimentary sales.</param>
/// <param name="Voids">How many sales were voided.</param>
/// <param name="CashSales">Cash of sales.</param>
/// <param name="CashBack">Cash of voids and refunds; 0 or more.</param>
/// <param name="CardSales">Sales on the card terminal.</param>
/// <param name="CardBack">Reversals on the card terminal; 0 or more.</param>
/// <param name="PayIns">Cash put into the drawer.</param>
/// <param name="Drops">Cash taken out of the drawer; 0 or more.</param>
public sealed record ShiftSums(
    int Sales,
    int Complimentary,
    int Voids,
    long CashSales,
    long CashBack,
    long CardSales,
    long CardBack,
    long PayIns,
    long Drops
);

/// <summary>A clerk's time at the counter: from a float in the drawer to a count of it.</summary>
/// <param name="Clerk">The clerk's name.</param>
/// <param name="Currency">Of all its money.</param>
/// <param name="Float">Cents in the drawer at its start.</param>
/// <param name="ClosedAt">Null while it is open.</param>
/// <param name="Expected">Cents that must be in the drawer.</param>
/// <param name="Counted">Cents that were; null while it is open.</param>
/// <param name="Difference">Counted less expected; null while it is open.</param>
/// <param name="Note">What the clerk wrote at the close.</param>
public sealed record ShiftView(
    Guid Id,
    Guid ClerkId,
    string Clerk,
    string Currency,
#pragma warning disable CA1720 // the trade's word for the cash at a shift's start
    long Float,
#pragma warning restore CA1720
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    ShiftSums Sums,
    long Expected,
    long? Counted,
    long? Difference,
    string? Note
);

/// <summary>A line of a shift.</summary>
/// <param name="Method">Null for cash that was put in or taken out.</param>
/// <param name="Amount">Cents; less than 0 for what went out.</param>
/// <param name="OrderId">Null for cash that was put in or taken out.</param>
/// <param name="OrderNumber">As <paramref name="OrderId"/>.</param>
/// <param name="Text">The reason, or the card terminal's reference.</param>
/// <param name="By">The name of the member of staff.</param>
public sealed record ShiftEntryView(
    Guid Id,
    DateTimeOffset At,
    ShiftEntryKind Kind,
    CounterMethod? Method,
    long Amount,
    Guid? OrderId,
    string? OrderNumber,
    string? Text,
    string By
);

/// <summary>A shift with its lines, oldest first.</summary>
public sealed record ShiftDetails(ShiftView Shift, IReadOnlyList<ShiftEntryView> Entries)
{
    /// <summary>
    /// Sales whose outcome is not known yet. The shift cannot be closed before they are: a moment, or a minute after a host has died.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UnderWay { get; init; }
}

/// <summary>Opens a shift. Fails with <c>shift-already-open</c> or <c>validation-failed</c>.</summary>
/// <param name="Float">Cents in the drawer.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="OperationId">Repeated under the same id, it returns the shift that exists; null for a new one.</param>
#pragma warning disable CA1720 // the trade's word for the cash at a shift's start
public sealed record OpenShift(long Float, string Currency, Actor By, Guid? OperationId = null) : IRequest<Result<ShiftView>>, IStaffAction
#pragma warning restore CA1720
{
    string IStaffAction.Kind => "open-shift";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Shift, OperationId);
}

/// <summary>
/// Closes a shift with a count of its drawer. Fails with <c>shift-not-found</c>, <c>not-your-shift</c>, <c>shift-closed</c>,
/// <c>sales-under-way</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Counted">Cents.</param>
/// <param name="Note">At most 500 characters.</param>
/// <param name="IsAdmin">An administrator closes the shifts of all clerks, others their own.</param>
public sealed record CloseShift(Guid ShiftId, long Counted, string? Note, Actor By, bool IsAdmin = false)
    : IRequest<Result<ShiftView>>,
        IStaffAction
{
    string IStaffAction.Kind => "close-shift";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Shift, ShiftId);
}

/// <summary>
/// Puts cash into the drawer of an open shift, or takes it out. Fails with <c>shift-not-found</c>, <c>not-your-shift</c>,
/// <c>shift-closed</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Amount">Cents; less than 0 for what is taken out.</param>
/// <param name="Reason">1 to 500 characters.</param>
/// <param name="IsAdmin">An administrator does it for all clerks, others for themselves.</param>
/// <param name="OperationId">Repeated under the same id, it changes nothing. Null for a request that comes once.</param>
public sealed record MoveShiftCash(Guid ShiftId, long Amount, string Reason, Actor By, bool IsAdmin = false, Guid? OperationId = null)
    : IRequest<Result<ShiftView>>,
        IStaffAction
{
    string IStaffAction.Kind => "move-shift-cash";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Shift, ShiftId);
}

/// <summary>A shift with its lines. Fails with <c>shift-not-found</c>.</summary>
/// <param name="ClerkId">Whose it must be; null for any.</param>
public sealed record GetShift(Guid ShiftId, Guid? ClerkId) : IRequest<Result<ShiftDetails>>;

/// <summary>A clerk's open shift with its lines. Fails with <c>no-open-shift</c>.</summary>
public sealed record GetOpenShift(Guid ClerkId) : IRequest<Result<ShiftDetails>>;

/// <summary>How many shifts are open; counted up to 1,000.</summary>
public sealed record CountOpenShifts : IRequest<Result<int>>;

/// <summary>Pages through shifts by the time of their opening, newest first. Fails with <c>validation-failed</c>.</summary>
/// <param name="ClerkId">Only of this clerk; null for all.</param>
/// <param name="From">Only those that were opened then or later.</param>
/// <param name="To">Only those that were opened before then.</param>
/// <param name="Open">Only open ones, or only closed ones.</param>
/// <param name="Cursor">Where the page before ended.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record ListShifts(
    Guid? ClerkId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    bool? Open = null,
    string? Cursor = null,
    int Limit = 50
) : IRequest<Result<Page<ShiftView>>>;
