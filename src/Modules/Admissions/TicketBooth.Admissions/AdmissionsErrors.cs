using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions;

/// <summary>Every expected failure of the module.</summary>
internal static class AdmissionsErrors
{
    /// <summary>What must end before a person is erased.</summary>
    public static readonly Error TicketsValid = Error.Conflict(
        "tickets-valid",
        "You were given a ticket of a show that is still to come. Give it to somebody else, or wait until the show is over."
    );

    public static readonly Error OrderNotFound = Error.NotFound("order-not-found", "There is no such order of yours.");

    public static readonly Error TicketNotFound = Error.NotFound("ticket-not-found", "The order has no such ticket.");

    public static readonly Error EventNotFound = Error.NotFound("event-not-found", "There is no such event.");

    public static readonly Error CheckInNotFound = Error.NotFound("checkin-not-found", "There is no check-in with this id.");

    public static readonly Error NotSignedIn = new(
        "unauthenticated",
        ErrorKind.Unauthenticated,
        "Sign in, or use the link that you were sent."
    );

    public static readonly Error LinkExpired = Error.Forbidden(
        "link-expired",
        "The link has expired, or is not one of ours. Sign in to see the tickets."
    );

    public static readonly Error NotIssued = Error.Conflict(
        "tickets-not-issued",
        "The order has no valid ticket: it is not paid, or was refunded."
    );

    public static readonly Error TicketVoid = Error.Conflict("ticket-void", "The ticket opens no door any more.");

    public static readonly Error CheckedIn = Error.Conflict("ticket-checked-in", "The ticket has been used at the door.");

    /// <summary>To a buyer who cancels a paid order.</summary>
    public static readonly Error OrderCheckedIn = Error.Conflict(
        "ticket-checked-in",
        "Somebody was let in with a ticket of this order. Ask the house for a refund."
    );

    public static readonly Error OfferedTooOften = Error.Conflict(
        "transfer-not-allowed",
        "The ticket was offered, or changed otherwise, too often. Ask the house."
    );

    public static readonly Error InTransfer = Error.Conflict("ticket-in-transfer", "The ticket is offered to somebody else.");

    public static readonly Error TransferNotFound = Error.NotFound("transfer-not-found", "There is no such offer to you.");

    /// <summary>The address of the answer is right, but nobody has shown yet that it is theirs.</summary>
    public static readonly Error EmailNotConfirmed = Error.Conflict(
        "email-not-confirmed",
        "Confirm your e-mail address first, by the mail of your sign-up or with a new password by mail. Then answer again."
    );

    public static readonly Error TransferNotAllowed = Error.Conflict(
        "transfer-not-allowed",
        "The event does not let this ticket be transferred, or not once more."
    );

    public static readonly Error IssuedTooOften = Error.Conflict("ticket-issued-too-often", "The ticket cannot be issued again.");

    public static readonly Error ScanIdUsed = Error.Conflict(
        "scan-id-used",
        "This scanId is that of another scan. Send a new one with every scan."
    );

    public static readonly Error NotUndoable = Error.Conflict(
        "checkin-not-undoable",
        "Only the last passage of a ticket can be taken back, and only once."
    );

    /// <summary>The same shape as a failed validation, for rules that need the stored data.</summary>
    public static Error Invalid(string field, string message) =>
        new(
            "validation-failed",
            ErrorKind.Rule,
            "The request breaks at least one rule; see errors.",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] }
        );
}
