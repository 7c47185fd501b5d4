namespace TicketBooth.Payments.Domain;

/// <summary>What is known of disputes, from what gateways say of them in any order.</summary>
internal static class DisputeRules
{
    /// <summary>A decision stays; of two decisions the later counts.</summary>
    public static ValueList<Dispute> Hear(ValueList<Dispute> known, GatewayDispute heard)
    {
        var dispute = new Dispute(heard.Id, heard.CaptureId, heard.Amount, heard.Currency, heard.State, heard.Reason, heard.At);
        if (known.FirstOrDefault(one => one.Id == heard.Id) is not { } before)
        {
            return [.. known, dispute];
        }

        return RankOf(dispute).CompareTo(RankOf(before)) > 0 ? [.. known.Select(one => one.Id == heard.Id ? dispute : one)] : known;
    }

    private static (bool IsDecided, DateTimeOffset At, DisputeState State) RankOf(Dispute dispute) =>
        dispute.State == DisputeState.Opened ? (false, default, default) : (true, dispute.At, dispute.State);
}
