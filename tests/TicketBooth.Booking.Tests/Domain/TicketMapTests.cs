using FsCheck;
using TicketBooth.Booking.Domain;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Domain;

internal sealed class TicketMapTests
{
    [Test]
    public void Proposes_the_lowest_neighbours_rather_than_the_lowest_numbers()
    {
        var occupancy = new TicketMap([2, 4]);

        Assert.That(occupancy.Best([new TicketRange(1, 10)], 3), Is.EqualTo(new[] { 5, 6, 7 }));
    }

    [Test]
    public void Proposes_the_lowest_free_numbers_when_no_neighbours_are_left()
    {
        var occupancy = new TicketMap([2, 4, 6]);

        Assert.That(occupancy.Best([new TicketRange(1, 7)], 3), Is.EqualTo(new[] { 1, 3, 5 }));
    }

    [Test]
    public void Proposes_nothing_when_there_are_too_few()
    {
        var occupancy = new TicketMap([2, 3]);

        Assert.That(occupancy.Best([new TicketRange(1, 4)], 3), Is.Null);
    }

    [Test]
    public void Looks_in_the_given_ranges_only()
    {
        var occupancy = new TicketMap([5]);

        Assert.That(occupancy.Best([new TicketRange(4, 2), new TicketRange(130, 2)], 2), Is.EqualTo(new[] { 130, 131 }));
    }

    [Test]
    public void Sees_neighbours_across_ranges_that_adjoin()
    {
        var occupancy = new TicketMap([2, 5]);

        Assert.That(occupancy.Best([new TicketRange(1, 3), new TicketRange(4, 3)], 2), Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public void Takes_a_number_once_and_proposes_it_again_when_it_is_free()
    {
        var occupancy = new TicketMap([]);

        Assert.That(occupancy.Take(10_000), Is.True);
        Assert.That(occupancy.Take(10_000), Is.False);
        Assert.That(occupancy.IsTaken(10_000), Is.True);
        Assert.That(occupancy.Best([new TicketRange(10_000, 1)], 1), Is.Null);

        occupancy.Free(10_000);
        occupancy.Free(20_000);

        Assert.That(occupancy.Best([new TicketRange(10_000, 1)], 1), Is.EqualTo(new[] { 10_000 }));
    }

    [FsCheck.NUnit.Property(MaxTest = 2_000)]
    public void Agrees_with_the_naive_search(NonNull<byte[]> steps, NonEmptyArray<(byte Gap, byte Count)> shape, PositiveInt wanted)
    {
        var ranges = Ranges(shape.Get);
        var numbers = ranges.SelectMany(range => Enumerable.Range(range.First, range.Count)).ToHashSet();
        var taken = new HashSet<int>();
        var occupancy = new TicketMap([]);
        var last = numbers.Max();
        foreach (var step in steps.Get)
        {
            // Seven numbers in eight become taken, the eighth is given back, all over the ranges and the gaps between them.
            var number = 1 + (step * 37 % last);
            if (step % 8 == 0)
            {
                occupancy.Free(number);
                taken.Remove(number);
            }
            else
            {
                Assert.That(occupancy.Take(number), Is.EqualTo(taken.Add(number)));
            }
        }

        var quantity = 1 + (wanted.Get % 10);
        var best = occupancy.Best(ranges, quantity);

        var free = numbers.Except(taken).Order().ToList();
        var run = free.FirstOrDefault(first => Enumerable.Range(first, quantity).All(number => numbers.Contains(number) && !taken.Contains(number)));
        int[]? expected = run > 0 ? [.. Enumerable.Range(run, quantity)] : free.Count >= quantity ? [.. free.Take(quantity)] : null;
        Assert.That(best, Is.EqualTo(expected));
    }

    /// <summary>Ascending ranges, some of which adjoin.</summary>
    private static List<TicketRange> Ranges((byte Gap, byte Count)[] shape)
    {
        var ranges = new List<TicketRange>();
        var next = 1;
        foreach (var (gap, count) in shape)
        {
            var range = new TicketRange(next + (gap % 3), 1 + (count % 20));
            ranges.Add(range);
            next = range.First + range.Count;
        }

        return ranges;
    }

    [Test]
    public void Looks_behind_the_start_first_and_through_the_rest_when_that_is_not_enough()
    {
        var occupancy = new TicketMap([9]);
        var ranges = new[] { new TicketRange(1, 4), new TicketRange(7, 6) };

        Assert.That(occupancy.Best(ranges, 2, start: 0.5), Is.EqualTo(new[] { 10, 11 }), "five of the ten are passed over, 8 has no free neighbour");
        Assert.That(occupancy.Best(ranges, 1, start: 0.5), Is.EqualTo(new[] { 8 }));
        Assert.That(occupancy.Best(ranges, 4, start: 0.5), Is.EqualTo(new[] { 8, 10, 11, 12 }));
        Assert.That(occupancy.Best(ranges, 5, start: 0.5), Is.EqualTo(new[] { 1, 2, 3, 4, 7 }));
        Assert.That(occupancy.Best(ranges, 1, start: 0.999), Is.EqualTo(new[] { 12 }));
    }
}
