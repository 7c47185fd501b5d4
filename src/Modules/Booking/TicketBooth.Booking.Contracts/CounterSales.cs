using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>Where an order was sold.</summary>
public enum SalesChannel
{
    /// <summary>By its buyer, over the REST API.</summary>
    Online,

    /// <summary>By a clerk at the box office.</summary>
    Counter,
}

/// <summary>How a counter sale was paid.</summary>
public enum CounterMethod
{
    /// <summary>Into the drawer of the clerk's shift.</summary>
    Cash,

    /// <summary>On the card terminal that stands at the counter. It is not connected to this system.</summary>
    CardTerminal,

    /// <summary>Given away: it costs nothing.</summary>
    Complimentary,
}

/// <summary>What staff see of a sale at the counter.</summary>
/// <param name="Clerk">The name of the member of staff who sold it.</param>
/// <param name="ShiftId">The shift that has its money; null for a complimentary sale outside a shift.</param>
/// <param name="Reference">The card terminal's own of the payment.</param>
/// <param name="AmountTendered">Cents that the buyer handed over.</param>
/// <param name="Change">Cents that the buyer got back of them.</param>
/// <param name="Language">Of words for the buyer: <c>pt-BR</c> or <c>en</c>.</param>
/// <param name="Reason">Why it is complimentary.</param>
/// <param name="VoidableUntil">Until when it may be voided; after that an administrator refunds it.</param>
/// <param name="Owed">Cents that the buyer still has to get at the counter.</param>
public sealed record OrderCounterView(
    CounterMethod Method,
    string Clerk,
    Guid? ShiftId,
    string? Reference,
    long? AmountTendered,
    long? Change,
    string? BuyerName,
    string? Email,
    string? Language,
    string? Reason,
    DateTimeOffset VoidableUntil,
    long Owed
);

/// <summary>A sale at the counter, for other modules.</summary>
/// <param name="BuyerName">What the buyer gave; null when nothing. Left out of JSON: facts are written to the audit log.</param>
/// <param name="Email">As the name.</param>
/// <param name="Language">As the name: <c>pt-BR</c> or <c>en</c>.</param>
public sealed record CounterFacts(
    CounterMethod Method,
    Actor Clerk,
    Guid? ShiftId,
    [property: JsonIgnore] string? BuyerName,
    [property: JsonIgnore] string? Email,
    string? Language
)
{
    /// <summary>Cents that the buyer got back of what they handed over; null when nobody said what that was.</summary>
    public long? Change { get; init; }

    public DateTimeOffset VoidableUntil { get; init; }

    /// <summary>Cents that the buyer still has to get at the counter.</summary>
    public long Owed { get; init; }
}

/// <summary>
/// Sells tickets at the counter: the order is paid at once. Fails as <see cref="RequestOrder"/> does, but for limits per buyer, and with
/// <c>no-open-shift</c>, <c>shift-currency</c>, <c>tendered-too-little</c> or <c>complimentary-allowance</c>.
/// </summary>
/// <param name="TicketIds">Exactly these tickets; null for the best available.</param>
/// <param name="TierId">Without tickets: from this tier only.</param>
/// <param name="Quantity">Without tickets: how many.</param>
/// <param name="Reference">Of the card terminal, which must have one.</param>
/// <param name="AmountTendered">Cents that the buyer hands over; only for cash.</param>
/// <param name="Language"><c>pt-BR</c> or <c>en</c>.</param>
/// <param name="Reason">Why tickets are given away; only for a complimentary sale, which must have one.</param>
/// <param name="ExpectedTotal">In cents: only at this total; null for any.</param>
/// <param name="OperationId">Repeated under the same id, it returns the order that exists; null for a new sale.</param>
public sealed record SellAtCounter(
    Guid EventId,
    Guid? TierId,
    IReadOnlyList<Guid>? TicketIds,
    int? Quantity,
    CounterMethod Method,
    string? Reference,
    long? AmountTendered,
    string? BuyerName,
    string? Email,
    string? Language,
    string? Reason,
    long? ExpectedTotal,
    Actor By,
    Guid? OperationId = null
) : IRequest<Result<OrderView>>, IStaffAction
{
    string IStaffAction.Kind => "sell-at-counter";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>
/// Takes back a counter sale a short time after it: its tickets are free again, and its money leaves the drawer or the terminal of the same
/// shift. Fails with <c>order-not-found</c>, <c>not-a-counter-sale</c>, <c>order-not-paid</c>, <c>void-closed</c>, <c>shift-closed</c>,
/// <c>not-your-shift</c>, <c>reference-needed</c> or <c>busy</c>.
/// </summary>
/// <param name="Reason">1 to 500 characters.</param>
/// <param name="Reference">Of the reversal, which a sale by card terminal must have.</param>
/// <param name="IsAdmin">An administrator voids the sales of all clerks, others their own.</param>
/// <param name="OperationId">Repeated under the same id, it changes nothing. Null for a request that comes once.</param>
public sealed record VoidCounterSale(
    Guid OrderId,
    string Reason,
    string? Reference,
    Actor By,
    bool IsAdmin = false,
    Guid? OperationId = null
) : IRequest<Result<OrderView>>, IStaffAction
{
    string IStaffAction.Kind => "void-counter-sale";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Order, OrderId);
}

/// <summary>
/// Pays back at the counter what a buyer still has to get, because their event was canceled. The money leaves the open shift of the member
/// of staff. Fails with <c>order-not-found</c>, <c>not-a-counter-sale</c>, <c>nothing-owed</c>, <c>no-open-shift</c>,
/// <c>shift-currency</c>, <c>reference-needed</c> or <c>busy</c>.
/// </summary>
/// <param name="Reference">Of the reversal, which a sale by card terminal must have.</param>
/// <param name="OperationId">Repeated under the same id, it changes nothing. Null for a request that comes once.</param>
public sealed record PayBackAtCounter(Guid OrderId, string? Reference, Actor By, Guid? OperationId = null)
    : IRequest<Result<OrderView>>,
        IStaffAction
{
    string IStaffAction.Kind => "pay-back-at-counter";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Order, OrderId);
}

/// <summary>Pages through the orders whose buyers still have money to get at the counter, shard by shard, by ascending id.</summary>
/// <param name="Cursor">Where the page before ended.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record ListOwedAtCounter(string? Cursor = null, int Limit = 50) : IRequest<Result<Page<OrderView>>>;

/// <summary>How many tickets of an event may be given away, and how many are.</summary>
public sealed record ComplimentaryAllowance(Guid EventId, int Allowance, int Given);

/// <summary>See <see cref="ComplimentaryAllowance"/>. Fails with <c>event-not-found</c>.</summary>
public sealed record GetComplimentaryAllowance(Guid EventId) : IRequest<Result<ComplimentaryAllowance>>;

/// <summary>
/// Sets how many tickets of an event may be given away. What was given already stays given. Fails with <c>event-not-found</c> or
/// <c>validation-failed</c>.
/// </summary>
/// <param name="Allowance">0 to 10,000.</param>
public sealed record SetComplimentaryAllowance(Guid EventId, int Allowance, Actor By)
    : IRequest<Result<ComplimentaryAllowance>>,
        IStaffAction
{
    string IStaffAction.Kind => "set-complimentary-allowance";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}
