using System.Text;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Text from outside, which may hold what is no character at all.</summary>
public static class PlainText
{
    // Of the values that stand for no character, the one that string.Normalize throws on, besides halves of surrogate pairs.
    private const int SwappedByteOrderMark = 0xFFFE;

    /// <summary>
    /// As <see cref="string.Normalize(NormalizationForm)"/>, but for any text: what is no character becomes U+FFFD instead of an exception.
    /// </summary>
    public static string Normalized(string text, NormalizationForm form)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
        {
            return text;
        }

        // The runes of a text never hold half a pair.
        var characters = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            characters.Append((rune.Value == SwappedByteOrderMark ? Rune.ReplacementChar : rune).ToString());
        }

        return characters.ToString().Normalize(form);
    }
}
