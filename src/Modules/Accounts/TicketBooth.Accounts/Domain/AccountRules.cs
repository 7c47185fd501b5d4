namespace TicketBooth.Accounts.Domain;

/// <summary>The longest names, e-mail addresses and codes, and what follows on wrong passwords and codes.</summary>
internal static class AccountRules
{
    public const int LongestName = 200;

    /// <summary>RFC 5321's limit on a path, without its angle brackets.</summary>
    public const int LongestEmail = 254;

    /// <summary>Longer than <c>pt-BR</c>.</summary>
    public const int LongestLanguage = 10;

    /// <summary>Requests for a new password, of one network address, that have no consequence.</summary>
    public const int FreeResetsFrom = 20;

    /// <summary>Mails with a token for a new password to one address that are followed by no pause.</summary>
    public const int FreeResetMails = 3;

    /// <summary>Longer than a recovery code with its dashes, so that blanks may be typed too.</summary>
    public const int LongestCode = 64;

    /// <summary>Wrong passwords, or codes, that have no consequence.</summary>
    public const int FreeFailures = 5;

    /// <summary>
    /// How long sign-ups of a network address wait when too many found their address taken. Always the same: customers share network
    /// addresses, and none of them shall wait long for what another one does.
    /// </summary>
    public static readonly TimeSpan SignUpPause = TimeSpan.FromMinutes(1);

    /// <summary>After too many mails with a token for a new password to one address.</summary>
    public static readonly TimeSpan ResetMailPause = TimeSpan.FromHours(1);

    /// <summary>After too many wrong codes. Only who knows the password gets so far.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan WrongPasswordsForgotten = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>
    /// How long to wait after so many wrong passwords: a minute after the fifth, and twice as long after each further one.
    /// </summary>
    public static TimeSpan DelayAfter(int failures)
    {
        if (failures < FreeFailures)
        {
            return TimeSpan.Zero;
        }

        var delay = FirstDelay * Math.Pow(2, Math.Min(failures - FreeFailures, 10));
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
