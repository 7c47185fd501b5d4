using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events;

/// <summary>Every expected failure of the module.</summary>
internal static class EventsErrors
{
    public static readonly Error NotFound = Error.NotFound("event-not-found", "There is no such event.");

    public static readonly Error Canceled = Error.Conflict("event-canceled", "The event is canceled. This cannot be undone.");

    public static readonly Error Ended = Error.Conflict("event-ended", "The event is over.");

    public static readonly Error Changed = Error.Conflict(
        "event-changed",
        "Somebody else changed the event meanwhile. Read it again, then repeat the change."
    );

    /// <summary>As <see cref="Changed"/>, to a client that sent <c>If-Match</c>.</summary>
    public static readonly Error Stale = Changed with { Kind = ErrorKind.Stale };

    public static readonly Error PolicyChanged = Error.Conflict(
        "policy-changed",
        "Somebody else changed the policy meanwhile. Read it again, then repeat the change."
    );

    /// <summary>As <see cref="PolicyChanged"/>, to a client that sent <c>If-Match</c>.</summary>
    public static readonly Error PolicyStale = PolicyChanged with { Kind = ErrorKind.Stale };

    public static readonly Error PricesChanged = Error.Conflict(
        "prices-changed",
        "The prices have changed since they were shown. Look at them again, then repeat the change."
    );

    public static readonly Error NotPublished = Error.Rule("event-not-published", "The event is a draft: set its prices by editing it.");

    public static readonly Error Published = Error.Conflict(
        "event-published",
        "The event is published: it can be canceled, but not deleted."
    );

    public static readonly Error SaleOver = Error.Rule("sale-over", "The sale closes before it could open; move endsSellingAt first.");

    public static readonly Error StartPassed = Error.Rule("start-passed", "The show would have started already; move startsAt first.");

    public static readonly Error CurrencyNotAccepted = Invalid("currency", "No payment gateway accepts this currency.") with
    {
        Code = "currency-not-accepted",
        Detail = "No payment gateway accepts the event's currency: nobody could pay for a ticket.",
    };

    public static readonly Error TicketsSold = Error.Rule(
        "tickets-sold",
        "People have tickets for this start and venue. Send \"confirmed\": true to change them all the same, and tell the buyers."
    );

    public static readonly Error TicketsReleased = Error.Rule(
        "tickets-released",
        "The tickets of a published event are released: a tier may gain tickets, never lose them."
    );

    /// <summary>The same shape as a failed validation, for rules that need the stored event.</summary>
    public static Error Invalid(string field, string message) =>
        new(
            "validation-failed",
            ErrorKind.Rule,
            "The request breaks at least one rule; see errors.",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] }
        );
}
