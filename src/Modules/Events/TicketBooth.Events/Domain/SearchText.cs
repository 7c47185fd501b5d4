using System.Globalization;
using System.Text;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Domain;

/// <summary>Text for searching, without case and accents, so that "sao" finds "São".</summary>
internal static class SearchText
{
    /// <summary>What is stored beside an event and searched in.</summary>
    public static string Of(Event found) => Normalize(found.Name + "\n" + found.Venue);

    /// <summary>The words that all must occur in a <see cref="Of"/>, in any order.</summary>
    public static IReadOnlyList<string> WordsOf(string? search)
    {
        // No name holds a control character, and MongoDB's driver takes no pattern with one of them, so they separate words too.
        var spaced = string.Concat((search ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter));
        return [.. Normalize(spaced).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
    }

    private static string Normalize(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in PlainText.Normalized(text, NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                plain.Append(char.ToLowerInvariant(letter));
            }
        }

        return plain.ToString();
    }
}
