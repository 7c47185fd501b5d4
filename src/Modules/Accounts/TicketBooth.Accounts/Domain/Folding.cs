using System.Globalization;
using System.Text;

namespace TicketBooth.Accounts.Domain;

/// <summary>Names as people search for them: any word, without accents, without regard to case.</summary>
internal static class Folding
{
    /// <summary>
    /// The words of a name, each after a space, so that a search for the beginning of a word is one for a space and that beginning.
    /// </summary>
    public static string SearchNameOf(string name)
    {
        var folded = string.Concat(WordsOf(name).Select(word => ' ' + word));
        return folded.Length <= AccountRules.LongestName ? folded : folded[..AccountRules.LongestName];
    }

    /// <summary>The words of a name or of a search.</summary>
    public static string[] WordsOf(string text) =>
        WithoutMarks(text).ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Letters without their accents; other characters that are written in several ways in the simplest one.</summary>
    public static string WithoutMarks(string text) =>
        string.Concat(
            text.Normalize(NormalizationForm.FormKD)
                .Where(character =>
                    CharUnicodeInfo.GetUnicodeCategory(character)
                        is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
                )
        );
}
