using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>Staff actions and their outcomes in words: keys of <see cref="Shell.Words"/>.</summary>
internal static class StaffActionNames
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["create-event"] = "Event created",
        ["edit-event"] = "Event edited",
        ["publish-event"] = "Event published",
        ["cancel-event"] = "Event canceled",
        ["adjust-prices"] = "Prices adjusted",
        ["delete-draft"] = "Draft deleted",
        ["change-pricing-policy"] = "Pricing policy changed",
        ["change-door-rules"] = "Door rules changed",
        ["undo-price-change"] = "Price change undone",
        ["hold-tickets"] = "Tickets put on hold",
        ["withdraw-tickets"] = "Tickets withdrawn",
        ["release-tickets"] = "Tickets released",
        ["cancel-order"] = "Order canceled or refunded",
        ["refund-order"] = "Money or tickets given back",
        ["sell-at-counter"] = "Tickets sold at the counter",
        ["void-counter-sale"] = "Counter sale voided",
        ["pay-back-at-counter"] = "Money paid back at the counter",
        ["set-complimentary-allowance"] = "Complimentary allowance set",
        ["open-shift"] = "Shift opened",
        ["close-shift"] = "Shift closed",
        ["move-shift-cash"] = "Cash put in or taken out",
        ["chase-payment"] = "Gateway asked about a payment",
        ["accept-money"] = "Unmatched money kept",
        ["refund-money"] = "Money given back",
        ["note-money"] = "Note taken of money",
        ["mark-refund-paid-back"] = "Refund paid back by hand",
        ["reconcile-payments"] = "Gateways compared with us",
        ["resend-mail"] = "Mail sent again",
        ["change-roles"] = "Roles set",
        ["invite-staff"] = "Member of staff invited",
        ["renew-invitation"] = "New invitation link made",
        ["disable-account"] = "Account disabled",
        ["erase-account"] = "Account erased",
        ["reset-second-factor"] = "Second factor reset",
        ["replay-dead-letter"] = "Failed message replayed",
        ["drop-dead-letter"] = "Failed message dropped",
        ["rebuild-read-model"] = "Read model rebuilt",
        ["reconcile-read-model"] = "Read model compared with the ledger",
    };

    /// <summary>An action in words; its code when another version of the system logged it under a code that is unknown here.</summary>
    public static string OfKind(string kind) => Kinds.GetValueOrDefault(kind, kind);

    public static string OfOutcome(string outcome) =>
        outcome switch
        {
            AuditLogRow.Begun => "No outcome",
            AuditLogRow.Done => "Done",
            _ => "Refused",
        };
}
