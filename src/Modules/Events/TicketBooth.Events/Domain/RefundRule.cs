using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain;

/// <summary>When buyers may cancel paid orders of an event by themselves, and what is kept of their money.</summary>
/// <param name="HoursBeforeStart">Until when; null for until the sale closes.</param>
/// <param name="FeePercent">What is kept.</param>
/// <param name="WindowUntil">Until then nothing is kept, because the show was moved; null when it was not.</param>
/// <param name="SoldForStart">
/// The start that tickets were sold for, when the show was moved too little for a window: many small moves make a large one. Null when
/// that is the present start.
/// </param>
internal sealed record RefundRule(int? HoursBeforeStart, int FeePercent, DateTimeOffset? WindowUntil, DateTimeOffset? SoldForStart)
{
    /// <summary>Until the sale closes, without a fee.</summary>
    public static readonly RefundRule Default = new(null, 0, null, null);

    public RefundRule With(EventForm form) =>
        this with
        {
            HoursBeforeStart = form.RefundHoursBeforeStart,
            FeePercent = form.RefundFeePercent,
        };

    public DateTimeOffset UntilFor(DateTimeOffset startsAt, DateTimeOffset endsSellingAt) =>
        HoursBeforeStart is { } hours ? startsAt.AddHours(-hours) : endsSellingAt;
}

/// <summary>A show that is moved after tickets were sold: its buyers get their money back for a while, whatever its rule says.</summary>
internal static class Postponement
{
    /// <summary>The event after an edit, with a refund window where it is moved far.</summary>
    public static Event Following(this Event after, Event before, PostponementRule rule, DateTimeOffset now)
    {
        if (!before.IsPublished || after.StartsAt == before.StartsAt)
        {
            return after;
        }

        // Nobody goes to a show to get their money back: no window is open beyond the start.
        var refunds = after.Refunds with { WindowUntil = after.Refunds.WindowUntil is { } open ? Earlier(open, after.StartsAt) : null };
        var soldFor = refunds.SoldForStart ?? before.StartsAt;
        var isFar = (after.StartsAt - soldFor).Duration() > rule.MovedBy && rule.Lasts > TimeSpan.Zero;
        return after with
        {
            Refunds =
                before.Taken == 0 ? refunds with { SoldForStart = null }
                : isFar
                    ? refunds with
                    {
                        WindowUntil = Later(refunds.WindowUntil, Earlier(now + rule.Lasts, after.StartsAt)),
                        SoldForStart = null,
                    }
                : refunds with { SoldForStart = after.StartsAt == soldFor ? null : soldFor },
        };
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;
}
