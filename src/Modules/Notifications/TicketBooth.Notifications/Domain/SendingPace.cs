namespace TicketBooth.Notifications.Domain;

/// <summary>How many mails may be sent at a moment: a bucket that fills steadily and holds what two seconds bring.</summary>
internal sealed class SendingPace(int perMinute, TimeProvider clock)
{
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(2);

    private readonly double most = Math.Max(1, perMinute * Held.TotalMinutes);
    private double allowed = 1;
    private long filledAt = clock.GetTimestamp();

    /// <summary>How many may be sent now.</summary>
    public int Allowed()
    {
        var now = clock.GetTimestamp();
        allowed = Math.Min(most, allowed + (perMinute * clock.GetElapsedTime(filledAt, now).TotalMinutes));
        filledAt = now;
        return (int)allowed;
    }

    public void Use(int count) => allowed -= count;
}
