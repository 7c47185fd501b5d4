using System.Collections.Frozen;

namespace TicketBooth.Payments.Domain;

/// <summary>A declined payment, as the limits of attempts count it.</summary>
/// <param name="HoldExpiresAt">Until when the tickets of its order were held, as of that attempt.</param>
internal sealed record Decline(Guid OrderId, string Reason, DateTimeOffset At, DateTimeOffset HoldExpiresAt)
{
    /// <summary>All reasons that say nothing about what the buyer brought; every other one counts.</summary>
    internal static readonly FrozenSet<string> NotTheBuyers = FrozenSet.Create(
        StringComparer.Ordinal,
        // The gateway or the network failed, or the attempt was given up.
        PaymentsErrors.GatewayUnavailable.Code,
        PaymentsErrors.Abandoned,
        PaymentsErrors.Canceled,
        PaymentsErrors.NoAnswer,
        PaymentsErrors.Superseded,
        // The gateway took another amount than it was asked for.
        PaymentsErrors.OtherAmount,
        // The form offered what cannot be paid in this way.
        PaymentsErrors.PixNeedsReais.Code,
        PaymentsErrors.AmountNotPayable.Code,
        PaymentsErrors.MethodUnavailable.Code,
        // The card's bank did not decide.
        PaymentsErrors.CardTryAgain
    );

    /// <summary>The buyer ended it, and knows that.</summary>
    public bool IsBuyersOwn => Reason == PaymentsErrors.Superseded;

    /// <summary>The gateway or the buyer's bank refused what the buyer brought; <see cref="NotTheBuyers"/> has the rest.</summary>
    public bool Counts => !NotTheBuyers.Contains(Reason);
}

/// <summary>How many attempts may be declined before a buyer must wait. Card testers find shops within days.</summary>
/// <param name="PerOrder">0 for any number.</param>
/// <param name="PerBuyer">Within <see cref="Window"/>; 0 for any number.</param>
internal sealed record AttemptRules(int PerOrder, int PerBuyer)
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public bool AreOff => PerOrder == 0 && PerBuyer == 0;

    /// <summary>How long the buyer must wait until an attempt can make sense; null when one may be made now.</summary>
    /// <param name="declines">Those of the order, and those of the buyer within the window.</param>
    public TimeSpan? WaitOf(Guid orderId, IReadOnlyCollection<Decline> declines, DateTimeOffset now)
    {
        var (ofOrder, ofBuyer) = Counted(orderId, declines, now);
        var wait = TimeSpan.Zero;
        if (PerOrder > 0 && ofOrder.Count >= PerOrder)
        {
            // The tickets are free again then, and may be ordered anew.
            wait = ofOrder.Max(decline => decline.HoldExpiresAt) - now;
        }

        if (PerBuyer > 0 && ofBuyer.Count >= PerBuyer)
        {
            var left = ofBuyer[^PerBuyer].At + Window - now;
            wait = left > wait ? left : wait;
        }

        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>How many more attempts may be declined; null for any number.</summary>
    public int? LeftOf(Guid orderId, IReadOnlyCollection<Decline> declines, DateTimeOffset now)
    {
        var (ofOrder, ofBuyer) = Counted(orderId, declines, now);
        return AreOff
            ? null
            : Math.Max(
                0,
                Math.Min(
                    PerOrder > 0 ? PerOrder - ofOrder.Count : int.MaxValue,
                    PerBuyer > 0 ? PerBuyer - ofBuyer.Count : int.MaxValue
                )
            );
    }

    private static (List<Decline> OfOrder, List<Decline> OfBuyer) Counted(
        Guid orderId,
        IReadOnlyCollection<Decline> declines,
        DateTimeOffset now
    )
    {
        var counted = declines.Where(decline => decline.Counts).OrderBy(decline => decline.At).ToList();
        return (
            counted.FindAll(decline => decline.OrderId == orderId),
            counted.FindAll(decline => decline.At + Window > now)
        );
    }
}
