using System.Buffers;
using System.Globalization;
using System.Text;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>What a text that people type may consist of, wherever they type it.</summary>
public static class TextRules
{
    // They change the direction of the text around them: "gpj.exe" shows as "exe.jpg", and a name could rewrite the line it stands in.
    private static readonly SearchValues<char> BidiControls = SearchValues.Create(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    );

    /// <summary>
    /// Only characters that exist: no unpaired surrogates, and none that Unicode does not assign. Other texts cannot be normalized.
    /// </summary>
    public static bool IsAssigned(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RunesOf(text).All(rune => rune is { } known && Rune.GetUnicodeCategory(known) is not UnicodeCategory.OtherNotAssigned);
    }

    /// <summary>
    /// No control characters, no line breaks of any kind and nothing that changes the direction of text: fit for a ticket, a log line or a
    /// CSV file.
    /// </summary>
    public static bool IsOneLine(string text) => IsPlain(text, mayBreak: false);

    /// <summary>As <see cref="IsOneLine"/>, but with line breaks and tabs.</summary>
    public static bool IsText(string text) => IsPlain(text, mayBreak: true);

    /// <summary>One line in which something shows.</summary>
    public static bool IsName(string text) => IsOneLine(text) && RunesOf(text).OfType<Rune>().Any(IsVisible);

    private static bool IsPlain(string text, bool mayBreak) =>
        IsAssigned(text)
        && !text.AsSpan().ContainsAny(BidiControls)
        && RunesOf(text).OfType<Rune>().All(rune => (mayBreak && rune.Value is ('\n' or '\r' or '\t')) || IsPlain(rune));

    /// <remarks>A character of private use shows as something else, or as nothing, on every machine.</remarks>
    private static bool IsPlain(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
            );

    private static bool IsVisible(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune) || Rune.IsPunctuation(rune);

    /// <summary>The characters of a text; null for an unpaired surrogate.</summary>
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
