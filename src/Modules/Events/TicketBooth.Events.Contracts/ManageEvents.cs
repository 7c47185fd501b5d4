using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Contracts;

/// <summary>
/// Creates a draft; only staff see it until it is published. Fails with <c>currency-not-accepted</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="By">Who does it; null for the system.</param>
/// <param name="OperationId">
/// The event's id, when the request may come again: then it finds the event that it has created. Null for a new id.
/// </param>
public sealed record CreateEvent(EventForm Form, Actor? By = null, [property: JsonIgnore] Guid? OperationId = null)
    : IRequest<Result<EventDetails>>,
        IStaffAction
{
    string IStaffAction.Kind => "create-event";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event);
}

/// <summary>
/// Changes an event. A draft may change in everything; a published event keeps its tickets: tiers may gain tickets and change their price
/// (held and paid tickets keep theirs), never lose tickets. A time that is changed must lie ahead. Fails with <c>event-not-found</c>,
/// <c>event-canceled</c>, <c>event-ended</c>, <c>event-changed</c> (somebody else was faster), <c>tickets-released</c> (a tier would lose
/// tickets), <c>currency-not-accepted</c> (a draft that nobody could pay for), <c>sale-over</c> and <c>start-passed</c> (only when it is to
/// be published), <c>tickets-sold</c> (start or venue change for people who have tickets, and nobody confirmed it) or
/// <c>validation-failed</c>.
/// </summary>
/// <param name="Revision">Only while the event still has this revision; null for whichever it has now.</param>
/// <param name="By">Who does it, for the price history; null for the system.</param>
/// <param name="Publish">Publishes the edited draft in the same write, so that what is published is what was entered.</param>
/// <param name="Confirmed">Start or venue may change although tickets are on payment or sold.</param>
/// <param name="Version">Only while the prices are those of this <see cref="PricePreview.Version"/>; else <c>prices-changed</c>.</param>
public sealed record EditEvent(
    Guid EventId,
    EventForm Form,
    long? Revision = null,
    Actor? By = null,
    bool Publish = false,
    bool Confirmed = false,
    long? Version = null
) : IRequest<Result<EventDetails>>, IStaffAction
{
    string IStaffAction.Kind => Publish ? "publish-event" : "edit-event";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>
/// Makes a draft public. Publishing twice changes nothing. Fails with <c>event-not-found</c>, <c>event-canceled</c>,
/// <c>currency-not-accepted</c>, <c>sale-over</c> or <c>start-passed</c>.
/// </summary>
/// <param name="By">Who does it, for the price history; null for the system.</param>
/// <param name="Revision">Only while the event still has this revision; null for whichever it has now.</param>
/// <param name="OperationId">The same in a request that comes again, which then changes nothing, whatever the revision.</param>
public sealed record PublishEvent(Guid EventId, Actor? By = null, long? Revision = null, [property: JsonIgnore] Guid? OperationId = null)
    : IRequest<Result<EventDetails>>,
        IStaffAction
{
    string IStaffAction.Kind => "publish-event";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>
/// Cancels an event, which cannot be undone. Canceling twice changes nothing. Paid orders are refunded. Fails with <c>event-not-found</c>.
/// </summary>
/// <param name="By">Who does it; null for the system.</param>
/// <param name="Revision">Only while the event still has this revision; null for whichever it has now.</param>
/// <param name="OperationId">The same in a request that comes again, which then changes nothing, whatever the revision.</param>
public sealed record CancelEvent(Guid EventId, Actor? By = null, long? Revision = null, [property: JsonIgnore] Guid? OperationId = null)
    : IRequest<Result<EventDetails>>,
        IStaffAction
{
    string IStaffAction.Kind => "cancel-event";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>
/// Deletes an event that was never published; nobody but staff has seen it. This cannot be undone. Fails with <c>event-not-found</c> or
/// <c>event-published</c>.
/// </summary>
/// <param name="By">Who does it; null for the system.</param>
public sealed record DeleteDraft(Guid EventId, Actor? By = null) : IRequest<Result<Done>>, IStaffAction
{
    string IStaffAction.Kind => "delete-draft";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>An event as an administrator enters it.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Venue">1 to 200 characters.</param>
/// <param name="Description">At most 10,000 characters.</param>
/// <param name="StartsAt">When the show starts.</param>
/// <param name="PublishedAt">When the sale opens; the moment of publishing when left out.</param>
/// <param name="EndsSellingAt">When the sale closes.</param>
/// <param name="Capacity">How many people the venue takes, 1 to 10,000; the tiers' tickets never exceed it (promise I7).</param>
/// <param name="Currency">
/// ISO 4217; when left out BRL for a new event, and as it was for an edited one. Fixed once the event is published. Money is in its
/// smallest unit, called cents here: 1000 is 10.00 BRL, 1,000 JPY or 1.000 KWD.
/// </param>
/// <param name="Large">Gives the event a shard of its own when it is published; a published event keeps what it had.</param>
/// <param name="Tiers">1 to 50, best first.</param>
public sealed record EventForm(
    string Name,
    string Venue,
    string? Description,
    DateTimeOffset StartsAt,
    DateTimeOffset? PublishedAt,
    DateTimeOffset EndsSellingAt,
    int Capacity,
    string? Currency,
    bool Large,
    IReadOnlyList<TierForm> Tiers
)
{
    /// <summary>
    /// Until how many hours before the start buyers may cancel paid orders, 0 to 8,760; until the sale closes when left out.
    /// </summary>
    public int? RefundHoursBeforeStart { get; init; }

    /// <summary>What is kept of the money of a paid order that its buyer cancels, in percent, 0 to 100.</summary>
    public int RefundFeePercent { get; init; }
}

/// <summary>A tier as an administrator enters it.</summary>
/// <param name="Id">When editing: which tier this is; a tier without an id is matched by its name, and new when there is none.</param>
/// <param name="Name">1 to 100 characters, unique within the event.</param>
/// <param name="Price">The base price in cents, 1 to 100,000,000: what a ticket costs before demand and adjustments.</param>
/// <param name="Tickets">How many tickets are released, 1 or more.</param>
/// <param name="Floor">The lowest price in cents that a price change may reach; none when left out.</param>
/// <param name="Ceiling">The highest; none when left out.</param>
public sealed record TierForm(Guid? Id, string Name, long Price, int Tickets, long? Floor, long? Ceiling);

/// <summary>Where an event is in its life.</summary>
public enum EventStatus
{
    /// <summary>Seen by staff only.</summary>
    Draft,

    /// <summary>Public; on sale within its sale window.</summary>
    Published,

    /// <summary>Called off; sold tickets are refunded.</summary>
    Canceled,

    /// <summary>Over.</summary>
    Ended,
}

/// <summary>An event in a list. Counts follow sales within moments; only an order can be sure of them.</summary>
/// <param name="PublishedAt">When the sale opens (or opened); null on a draft that opens when it is published.</param>
/// <param name="Currency">ISO 4217, of every price here.</param>
/// <param name="Capacity">The venue's.</param>
/// <param name="Available">Tickets that can be ordered: neither held nor sold, and not off sale.</param>
/// <param name="PriceFrom">
/// The lowest current price of a tier with available tickets, in cents; of all tiers when none is available.
/// </param>
public sealed record EventSummary(
    Guid Id,
    string Name,
    string Venue,
    DateTimeOffset StartsAt,
    DateTimeOffset? PublishedAt,
    DateTimeOffset EndsSellingAt,
    EventStatus Status,
    string Currency,
    int Capacity,
    int Available,
    long PriceFrom
);

/// <summary>One event with its tiers. Counts follow sales within moments; only an order can be sure of them.</summary>
/// <param name="PublishedAt">When the sale opens (or opened); null on a draft that opens when it is published.</param>
/// <param name="Currency">ISO 4217, of every price here.</param>
/// <param name="Capacity">The venue's.</param>
/// <param name="Available">Tickets that can be ordered: neither held nor sold, and not off sale.</param>
/// <param name="PriceFrom">
/// The lowest current price of a tier with available tickets, in cents; of all tiers when none is available.
/// </param>
/// <param name="Tiers">In the organiser's order, best first.</param>
/// <param name="Revision">Of its edits; in REST it is part of the <c>ETag</c>.</param>
public sealed record EventDetails(
    Guid Id,
    string Name,
    string Venue,
    DateTimeOffset StartsAt,
    DateTimeOffset? PublishedAt,
    DateTimeOffset EndsSellingAt,
    EventStatus Status,
    string Currency,
    int Capacity,
    int Available,
    long PriceFrom,
    string Description,
    bool Large,
    IReadOnlyList<TierDetails> Tiers,
    [property: JsonIgnore] long Revision = 0
)
{
    /// <summary>Until when buyers may cancel paid orders.</summary>
    public DateTimeOffset RefundableUntil { get; init; }

    /// <summary>What makes it so: hours before the start; null when it is the end of the sale.</summary>
    public int? RefundHoursBeforeStart { get; init; }

    /// <summary>
    /// What is kept of the money of a paid order that its buyer cancels, in percent, rounded half up to the smallest unit.
    /// </summary>
    public int RefundFeePercent { get; init; }

    /// <summary>
    /// Until then buyers cancel paid orders without a fee, because the show was moved far after tickets were sold; null when it was not.
    /// </summary>
    public DateTimeOffset? RefundWindowUntil { get; init; }
}

/// <summary>A tier and what is left of it.</summary>
/// <param name="Price">The current price in cents.</param>
/// <param name="Capacity">How many of its tickets are released, without those that were withdrawn.</param>
/// <param name="Available">How many of them can be ordered: neither held nor sold, and not off sale.</param>
/// <param name="PriceValidUntil">
/// Demand does not move the price before this moment; null when that is no promise. A person may change it at any time; send
/// <c>expectedTotal</c> with an order to be sure.
/// </param>
public sealed record TierDetails(Guid Id, string Name, long Price, int Capacity, int Available, DateTimeOffset? PriceValidUntil);
