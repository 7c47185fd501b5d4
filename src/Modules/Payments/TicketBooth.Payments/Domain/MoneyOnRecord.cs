namespace TicketBooth.Payments.Domain;

/// <summary>All money of a payment that the gateway took, gave back or may lose. Amounts are in the currency's smallest unit.</summary>
internal sealed record MoneyOnRecord(ValueList<Capture> Captures, ValueList<Refund> Refunds, ValueList<Dispute> Disputes)
{
    public static readonly MoneyOnRecord None = new([], [], []);

    /// <summary>What the buyer must do before the gateway goes on.</summary>
    public NextAction? NextAction { get; init; }

    /// <summary>What the buyer pays by Pix with, while that is open.</summary>
    public string? PixCode { get; init; }

    /// <summary>Tells the token that a waiting payment by card was made with from others; see <see cref="TokenMarks"/>.</summary>
    public string? TokenMark { get; init; }

    /// <summary>While its gateway is still to end it, because its order has ended.</summary>
    public GivenUp? GivenUp { get; init; }

    /// <summary>The capture that pays the order.</summary>
    public Capture? Paying => Captures.FirstOrDefault(capture => capture.Pays);

    /// <summary>What has gone back of a capture, and what a lost dispute took of it.</summary>
    public long ReturnedOf(Capture capture) =>
        Refunds.Where(refund => refund.HasReturned && refund.CaptureId == capture.Id).Sum(refund => refund.Amount) + LostOf(capture);

    /// <summary>What is on its way back of a capture.</summary>
    public long UnderWayOf(Capture capture) =>
        Refunds.Where(refund => refund.State == RefundState.Asked && refund.CaptureId == capture.Id).Sum(refund => refund.Amount);

    /// <summary>What went back of a capture, is on its way, or waits for staff.</summary>
    /// <param name="but">The id of a refund that is not counted; null counts all.</param>
    public long SpokenForOf(Capture capture, Guid? but = null) =>
        Refunds
            .Where(refund => refund.CaptureId == capture.Id && (but is null || refund.Id != but))
            .Where(refund => refund.State != RefundState.Refused || refund.WaitsForStaff)
            .Sum(refund => refund.Amount) + LostOf(capture);

    public long LostOf(Capture capture) =>
        Disputes.Where(dispute => dispute.State == DisputeState.Lost && dispute.CaptureId == capture.Id).Sum(dispute => dispute.Amount);

    public MoneyOnRecord With(Refund refund) => this with { Refunds = [.. Refunds, refund] };

    public MoneyOnRecord Replace(Refund refund, Refund by) =>
        this with
        {
            Refunds = [.. Refunds.Select(one => ReferenceEquals(one, refund) ? by : one)],
        };
}

/// <summary>An open payment that nobody waits for: its order has ended without it.</summary>
/// <param name="At">When we learned that.</param>
/// <param name="NextTry">When its gateway is to be told next.</param>
internal sealed record GivenUp(DateTimeOffset At, DateTimeOffset NextTry)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public static GivenUp Since(DateTimeOffset now) => new(now, now);

    /// <summary>The gateway could not end it: it is told again after as long as it has been tried for.</summary>
    public GivenUp Later(DateTimeOffset now)
    {
        var tried = now - At;
        var pause =
            tried < ShortestPause ? ShortestPause
            : tried > LongestPause ? LongestPause
            : tried;
        return this with { NextTry = now + pause };
    }
}

/// <summary>Captured money.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="At">When we learned of it.</param>
/// <param name="Pays">It pays the order, or did until it went back. At most one capture of a payment does.</param>
/// <param name="ExternalId">The gateway's id of its charge; null when that is the payment's.</param>
internal sealed record Capture(string Id, long Amount, string Currency, DateTimeOffset At, bool Pays, string? ExternalId = null);

/// <summary>Money that goes back to the buyer, or should.</summary>
/// <param name="Id">
/// Ours. The payment's own id when it is all that is left of the capture that pays the order. Null when the gateway told us first.
/// </param>
/// <param name="Reason">A stable code.</param>
internal sealed record Refund(Guid? Id, string? CaptureId, long Amount, string Currency, string Reason, RefundState State)
{
    /// <summary>The reason of a refund that we did not ask for: from the gateway's own console, or by the buyer's bank.</summary>
    public const string NotAsked = "not-asked";

    /// <summary>As the gateway knows it, when that is not <see cref="Id"/>: a refused refund is tried again under a new id.</summary>
    public Guid? AskedAs { get; init; }

    /// <summary>The gateway's; null until it has accepted the refund.</summary>
    public string? ExternalId { get; init; }

    /// <summary>How often the gateway answered that it cannot.</summary>
    public int Tries { get; init; }

    /// <summary>Null for all that is left of a capture: its order knows.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why the gateway refused it.</summary>
    public string? Failure { get; init; }

    /// <summary>The member of staff who asked for it or dealt with it.</summary>
    public string? By { get; init; }

    /// <summary>Of the transfer with which it was paid back by hand.</summary>
    public string? Reference { get; init; }

    /// <summary>What staff wrote about it.</summary>
    public string? Note { get; init; }

    public bool HasReturned => State is RefundState.Settled or RefundState.PaidBackByHand;

    public bool IsOurs => Reason != NotAsked;

    /// <summary>
    /// We asked for it and the gateway refuses it: its money is in the hands of staff, and nobody asks for that a second time.
    /// </summary>
    public bool WaitsForStaff => IsOurs && State == RefundState.Refused && Note is null;

    public Guid? KnownAs => AskedAs ?? Id;
}

internal enum RefundState
{
    /// <summary>To be asked for, or asked for and not answered.</summary>
    Asked,
    Settled,

    /// <summary>The gateway refuses it, and a person must act.</summary>
    Refused,
    PaidBackByHand,
}

/// <summary>A capture that the buyer's bank disputes.</summary>
/// <param name="Id">The gateway's.</param>
internal sealed record Dispute(
    string Id,
    string CaptureId,
    long Amount,
    string Currency,
    DisputeState State,
    string? Reason,
    DateTimeOffset At,
    string? Note = null
);
