using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TicketBooth.Payments.Paying;

/// <summary>
/// Finds what may be a card number: 13 to 19 digits with a valid Luhn check digit, in a row or with blanks, dashes, dots or underscores
/// between them, also as part of a longer row (a number followed by its security code). It refuses some harmless rows of digits too, on
/// purpose: gateway tokens have none, and a card number that was let through cannot be taken back.
/// </summary>
internal static class CardNumbers
{
    private const int Shortest = 13;
    private const int Longest = 19;

    public enum Finding
    {
        None,
        CardNumber,
        NotJson,
    }

    /// <summary>Searches every string, number and field name. A body that is not JSON is searched as text.</summary>
    public static Finding LookInto(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                var found = reader.TokenType switch
                {
                    JsonTokenType.String or JsonTokenType.PropertyName => AreIn(reader.GetString()),
                    JsonTokenType.Number => AreIn(Encoding.ASCII.GetString(reader.ValueSpan)),
                    _ => false,
                };
                if (found)
                {
                    return Finding.CardNumber;
                }
            }

            return Finding.None;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-8, or half a surrogate pair.
            return AreIn(Encoding.UTF8.GetString(json)) ? Finding.CardNumber : Finding.NotJson;
        }
    }

    public static bool AreIn(ReadOnlySpan<char> text)
    {
        Span<int> last = stackalloc int[Longest];
        var count = 0;
        foreach (var character in text)
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(character);
            if (digit >= 0)
            {
                last[1..].CopyTo(last);
                last[^1] = digit;
                count = Math.Min(count + 1, Longest);
                if (EndsWithCardNumber(last, count))
                {
                    return true;
                }
            }
            else if (!IsBetweenDigits(character))
            {
                count = 0;
            }
        }

        return false;
    }

    private static bool EndsWithCardNumber(ReadOnlySpan<int> digits, int count)
    {
        var sum = 0;
        for (var length = 1; length <= count; length++)
        {
            var digit = digits[^length];
            var doubled = length % 2 == 0 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
            if (length >= Shortest && sum % 10 == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBetweenDigits(char character) =>
        character is '.' or '_' or '\u2212'
        || CharUnicodeInfo.GetUnicodeCategory(character)
            is UnicodeCategory.SpaceSeparator
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.Control
                or UnicodeCategory.Format;
}
