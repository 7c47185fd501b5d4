using System.Globalization;

namespace TicketBooth.Accounts.Domain;

/// <summary>The form of names, e-mail addresses, passwords and codes, and what follows on wrong ones.</summary>
internal static class AccountRules
{
    public const int LongestName = 200;

    /// <summary>RFC 5321's limit on a path, without its angle brackets.</summary>
    public const int LongestEmail = 254;

    public const int ShortestPassword = 8;

    public const int LongestPassword = 128;

    /// <summary>Longer than a recovery code with its dashes, so that blanks may be typed too.</summary>
    public const int LongestCode = 64;

    /// <summary>Wrong passwords, or codes, that have no consequence.</summary>
    public const int FreeFailures = 5;

    /// <summary>After too many wrong codes. Only who knows the password gets so far.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan WrongPasswordsForgotten = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>How long to wait after so many wrong passwords: a minute after the fifth, and twice as long after each further one.</summary>
    public static TimeSpan DelayAfter(int failures)
    {
        if (failures < FreeFailures)
        {
            return TimeSpan.Zero;
        }

        var delay = FirstDelay * Math.Pow(2, Math.Min(failures - FreeFailures, 10));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>
    /// No control characters, no line breaks of any kind, and no unpaired surrogates: fit for a ticket, a log line or a CSV file.
    /// </summary>
    public static bool IsOneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (
                char.GetUnicodeCategory(text[i])
                is UnicodeCategory.Control
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.Surrogate
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Something, one @, something, and no white space. Only a mail that arrives proves more.</summary>
    public static bool IsEmail(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < text.Length - 1 && at == text.LastIndexOf('@') && IsOneLine(text) && !text.Any(char.IsWhiteSpace);
    }
}
