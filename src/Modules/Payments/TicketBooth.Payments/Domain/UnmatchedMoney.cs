namespace TicketBooth.Payments.Domain;

/// <summary>Captured money that no payment of ours expects. It waits for a person.</summary>
/// <param name="CaptureId">The gateway's.</param>
/// <param name="At">When we learned of it first.</param>
internal sealed record UnmatchedMoney(string Gateway, string ExternalId, string CaptureId, DateTimeOffset At)
{
    public Guid Id => RefundIds.OfUnmatched(Gateway, CaptureId);

    /// <summary>In the currency's smallest unit; 0 while only a refund or a dispute of it is known.</summary>
    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    /// <summary>As the gateway named it; no payment of ours has this id.</summary>
    public Guid? PaymentId { get; init; }

    public UnmatchedState State { get; init; }

    /// <summary>What has gone back, by the gateway's id of the refund.</summary>
    public ValueList<Returned> Returns { get; init; } = [];

    /// <summary>In the order in which they became known.</summary>
    public ValueList<Dispute> Disputes { get; init; } = [];

    /// <summary>The id that the gateway knows the refund by that staff asked for.</summary>
    public Guid? AskedAs { get; init; }

    public int Tries { get; init; }

    /// <summary>Why the gateway refused that refund.</summary>
    public string? Failure { get; init; }

    public string? Note { get; init; }

    /// <summary>The member of staff who decided.</summary>
    public string? By { get; init; }

    public UnmatchedMoney Hear(GatewayCapture capture) => Settle(this with { Amount = capture.Amount, Currency = capture.Currency });

    public UnmatchedMoney Hear(GatewayRefund refund) =>
        refund.State switch
        {
            GatewayRefundState.Settled when Returns.All(known => known.Id != refund.Id) => Settle(
                this with
                {
                    Returns = [.. Returns, new Returned(refund.Id, refund.Amount)],
                }
            ),
            GatewayRefundState.Refused when State == UnmatchedState.Refunding && refund.RefundId == AskedAs => this with
            {
                State = UnmatchedState.Open,
                Failure = refund.Reason,
            },
            _ => this,
        };

    public UnmatchedMoney Hear(GatewayDispute dispute) => Settle(this with { Disputes = DisputeRules.Hear(Disputes, dispute) });

    /// <summary>What has gone back, and what lost disputes took.</summary>
    public long Returned =>
        Returns.Sum(returned => returned.Amount)
        + Disputes.Where(dispute => dispute.State == DisputeState.Lost).Sum(dispute => dispute.Amount);

    private static UnmatchedMoney Settle(UnmatchedMoney money) =>
        money.Amount > 0 && money.Returned >= money.Amount ? money with { State = UnmatchedState.Refunded } : money;
}

/// <param name="Id">The gateway's.</param>
internal sealed record Returned(string Id, long Amount);

internal enum UnmatchedState
{
    Open,

    /// <summary>Staff asked for its refund; the gateway has not done it yet.</summary>
    Refunding,
    Refunded,

    /// <summary>It stays with the house.</summary>
    Accepted,

    /// <summary>A person wrote what it is.</summary>
    Noted,
}
