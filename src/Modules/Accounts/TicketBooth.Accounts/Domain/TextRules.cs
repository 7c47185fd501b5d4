using System.Buffers;
using System.Globalization;
using System.Text;

namespace TicketBooth.Accounts.Domain;

/// <summary>What a text may consist of.</summary>
internal static class TextRules
{
    // They turn the text around them: "gpj.exe" shows as "exe.jpg", and a name could rewrite the line that it stands in.
    private static readonly SearchValues<char> BidiControls = SearchValues.Create(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    );

    private static readonly SearchValues<char> PlainSigns = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~."
    );

    private static readonly SearchValues<char> HostSigns = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
    );

    /// <summary>
    /// Only characters that exist: no unpaired surrogates, and none that Unicode does not assign. Other texts cannot be normalized.
    /// </summary>
    public static bool IsAssigned(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RunesOf(text).All(rune => rune is { } known && Rune.GetUnicodeCategory(known) is not UnicodeCategory.OtherNotAssigned);
    }

    /// <summary>No control characters and no line breaks of any kind: fit for a ticket, a log line or a CSV file.</summary>
    public static bool IsOneLine(string text) =>
        IsAssigned(text)
        && !text.Any(character =>
            char.GetUnicodeCategory(character)
                is UnicodeCategory.Control
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
        );

    /// <summary>One line in which something shows, and which shows in the order in which it was written.</summary>
    public static bool IsName(string text) =>
        IsOneLine(text)
        && !text.AsSpan().ContainsAny(BidiControls)
        && RunesOf(text).OfType<Rune>().All(rune => Rune.GetUnicodeCategory(rune) is not UnicodeCategory.PrivateUse)
        && RunesOf(text).OfType<Rune>().Any(IsVisible);

    /// <summary>
    /// Plain characters around one @, the form that every mail server takes: a letter of another alphabet that looks like a plain one would
    /// make another address of it. Only a mail that arrives proves more.
    /// </summary>
    public static bool IsEmail(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('@') is [var mailbox, var host]
            && !mailbox.AsSpan().ContainsAnyExcept(PlainSigns)
            && mailbox.Split('.').All(part => part.Length > 0)
            && host.Split('.').All(label => label.Length > 0 && !label.AsSpan().ContainsAnyExcept(HostSigns));
    }

    private static bool IsVisible(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune) || Rune.IsPunctuation(rune);

    /// <summary>Null for half a character.</summary>
    private static IEnumerable<Rune?> RunesOf(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            i += length;
            yield return status == OperationStatus.Done ? rune : null;
        }
    }
}
