using TicketBooth.Notifications.Contracts;

namespace TicketBooth.Dashboard.Pages.Mails;

/// <summary>Mails in words: keys of <see cref="Shell.Words"/>.</summary>
internal static class MailTexts
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["confirm-address"] = "Confirmation of an address",
        ["order-placed"] = "Order placed",
        ["payment-declined"] = "Payment declined",
        ["hold-ending"] = "Hold about to end",
        ["order-paid"] = "Order paid",
        ["order-canceled"] = "Order canceled",
        ["order-refunded"] = "Order refunded",
        ["event-changed"] = "Event changed",
        ["event-postponed"] = "Event postponed",
        ["event-canceled"] = "Event canceled",
        ["transfer-offered"] = "Ticket offered",
        ["transfer-accepted"] = "Ticket accepted",
        ["transfer-declined"] = "Ticket declined",
        ["transfer-withdrawn"] = "Offer of a ticket taken back",
        ["confirm-new-address"] = "Confirmation of a new address",
        ["address-changed"] = "Address changed",
        ["reset-password"] = "New password asked for",
        ["password-changed"] = "Password changed",
        ["new-device"] = "Sign-in on a new device",
        ["staff-invitation"] = "Invitation to the staff",
    };

    /// <summary>A kind in words; its code when it is unknown here.</summary>
    public static string OfKind(string kind) => Kinds.GetValueOrDefault(kind, kind);

    public static string OfState(MailState state) =>
        state switch
        {
            MailState.Waiting => "In the queue",
            MailState.Sent => "Sent",
            MailState.Dead => "Given up",
            _ => "Not sent",
        };

    public static string TagOf(MailState state) =>
        state switch
        {
            MailState.Waiting => "warn",
            MailState.Sent => "good",
            MailState.Dead => "bad",
            _ => "",
        };
}
