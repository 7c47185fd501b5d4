namespace TicketBooth.Notifications.Domain;

/// <summary>When a mail that failed is tried again, and when it is given up.</summary>
internal static class RetryRules
{
    // Two days in all: a mailbox that is full over a weekend gets its mail.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(12),
        TimeSpan.FromHours(30),
    ];

    public static int MostTries => Pauses.Length + 1;

    /// <summary>How long to wait after so many tries that failed; null to give up.</summary>
    public static TimeSpan? PauseAfter(int tries) => tries > Pauses.Length ? null : Pauses[Math.Max(tries, 1) - 1];
}
