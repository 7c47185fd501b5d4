using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Notifications;

/// <summary>The expected failures of this module.</summary>
internal static class NotificationsErrors
{
    public static readonly Error MailNotFound = Error.NotFound("mail-not-found", "There is no such mail, or it is too old to be kept.");

    public static readonly Error MailWaits = Error.Conflict("mail-waits", "The mail waits to be sent already.");

    public static readonly Error MailHeldSecret = Error.Conflict(
        "mail-held-secret",
        "The mail held a token that is not kept; the person must ask for a new one."
    );

    public static readonly Error KindUnknown = Error.NotFound("mail-kind-unknown", "There is no such kind of mail.");
}
