using System.Globalization;
using TicketBooth.Booking.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>Ticket numbers as people write them: <c>1-20, 35</c>.</summary>
internal static class TicketNumbers
{
    /// <summary>The ranges, ascending and apart from each other; null when the text is not numbers and ranges of numbers.</summary>
    public static IReadOnlyList<NumberRange>? Parse(string text)
    {
        var ranges = new List<NumberRange>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split(['-', '–']);
            if (ends.Length > 2 || !TryRead(ends[0], out var first) || !TryRead(ends[^1], out var last) || last < first)
            {
                return null;
            }

            ranges.Add(new NumberRange(first, last));
        }

        return Merge(ranges);
    }

    /// <summary>The ranges of numbers that ascend.</summary>
    public static IReadOnlyList<NumberRange> RangesOf(IEnumerable<int> numbers) =>
        Merge(numbers.Select(number => new NumberRange(number, number)));

    public static string TextOf(IEnumerable<NumberRange> ranges) =>
        string.Join(
            ", ",
            ranges.Select(range =>
                range.First == range.Last
                    ? range.First.ToString(CultureInfo.InvariantCulture)
                    : FormattableString.Invariant($"{range.First}-{range.Last}")
            )
        );

    public static int Count(IEnumerable<NumberRange> ranges) => ranges.Sum(range => range.Last - range.First + 1);

    public static IEnumerable<int> NumbersOf(IEnumerable<NumberRange> ranges) =>
        ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1));

    private static List<NumberRange> Merge(IEnumerable<NumberRange> ranges)
    {
        var merged = new List<NumberRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    /// <summary>A number that a ticket may have.</summary>
    private static bool TryRead(string text, out ushort number) =>
        ushort.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
