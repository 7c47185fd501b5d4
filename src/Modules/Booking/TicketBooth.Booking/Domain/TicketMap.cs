using System.Numerics;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>
/// Which tickets of an event are believed taken, one bit per ticket. It only proposes the best available tickets; the store's unique index
/// decides.
/// </summary>
internal sealed class TicketMap
{
    private ulong[] taken = new ulong[4];

    public TicketMap(IEnumerable<int> takenNumbers)
    {
        foreach (var number in takenNumbers)
        {
            Take(number);
        }
    }

    public bool IsTaken(int number) => number >> 6 < taken.Length && (taken[number >> 6] & (1UL << (number & 63))) != 0;

    /// <summary>False when it was taken already.</summary>
    public bool Take(int number)
    {
        var word = number >> 6;
        if (word >= taken.Length)
        {
            Array.Resize(ref taken, Math.Max(word + 1, taken.Length * 2));
        }

        var bit = 1UL << (number & 63);
        var isNew = (taken[word] & bit) == 0;
        taken[word] |= bit;
        return isNew;
    }

    public void Free(int number)
    {
        if (number >> 6 < taken.Length)
        {
            taken[number >> 6] &= ~(1UL << (number & 63));
        }
    }

    /// <summary>The lowest free neighbours in the ranges, or else the lowest free numbers; null when there are not enough.</summary>
    /// <param name="ranges">Ascending.</param>
    /// <param name="quantity">How many.</param>
    /// <param name="start">
    /// From which share of the tickets on (0 to 1) to search first; all tickets are searched when there are not enough behind it.
    /// </param>
    public int[]? Best(IReadOnlyList<TicketRange> ranges, int quantity, double start = 0) =>
        (start > 0 ? Lowest(Behind(ranges, start), quantity) : null) ?? Lowest(ranges, quantity);

    public int CountFree(IReadOnlyList<TicketRange> ranges) =>
        ranges.Sum(range => Enumerable.Range(range.First, range.Count).Count(number => !IsTaken(number)));

    private static List<TicketRange> Behind(IReadOnlyList<TicketRange> ranges, double start)
    {
        var skipped = (int)(start * ranges.Sum(range => range.Count));
        var behind = new List<TicketRange>(ranges.Count);
        foreach (var range in ranges)
        {
            var here = Math.Min(skipped, range.Count);
            skipped -= here;
            behind.Add(range with { First = range.First + here, Count = range.Count - here });
        }

        return behind;
    }

    private int[]? Lowest(IReadOnlyList<TicketRange> ranges, int quantity)
    {
        var scattered = new int[quantity];
        var (found, runLength, last) = (0, 0, 0);
        foreach (var range in ranges)
        {
            for (var number = NextFree(range.First, End(range)); number < End(range); number = NextFree(number + 1, End(range)))
            {
                // Ranges may adjoin: the new tickets of a tier may follow its old ones directly.
                runLength = number == last + 1 ? runLength + 1 : 1;
                last = number;
                if (found < quantity)
                {
                    scattered[found++] = number;
                }

                if (runLength == quantity)
                {
                    return [.. Enumerable.Range(number - quantity + 1, quantity)];
                }
            }
        }

        return found == quantity ? scattered : null;
    }

    private static int End(TicketRange range) => range.First + range.Count;

    private int NextFree(int number, int end)
    {
        while (number < end)
        {
            var word = number >> 6;
            if (word >= taken.Length)
            {
                return number;
            }

            var free = ~taken[word] >> (number & 63);
            if (free != 0)
            {
                return number + BitOperations.TrailingZeroCount(free);
            }

            number = (word + 1) << 6;
        }

        return end;
    }
}
