namespace TicketBooth.Dashboard.Acts;

/// <summary>Acts and what came of them in words: keys of <see cref="Shell.Words"/>.</summary>
internal static class ActNames
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["create-event"] = "Event created",
        ["edit-event"] = "Event edited",
        ["publish-event"] = "Event published",
        ["cancel-event"] = "Event canceled",
        ["adjust-prices"] = "Prices adjusted",
        ["change-pricing-policy"] = "Pricing policy changed",
        ["cancel-order"] = "Order canceled or refunded",
        ["chase-payment"] = "Gateway asked about a payment",
        ["change-roles"] = "Roles set",
        ["reset-second-factor"] = "Second factor reset",
        ["replay-dead-letter"] = "Dead letter replayed",
        ["drop-dead-letter"] = "Dead letter dropped",
        ["rebuild-read-model"] = "Read model rebuilt",
        ["reconcile-read-model"] = "Read model compared with the ledger",
    };

    /// <summary>The code itself for what an older or a newer version did.</summary>
    public static string OfKind(string kind) => Kinds.GetValueOrDefault(kind, kind);

    public static string OfOutcome(string outcome) =>
        outcome switch
        {
            ActRow.Begun => "Begun",
            ActRow.Done => "Done",
            _ => "Refused",
        };
}
