using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests;

public sealed class FreshIdTests
{
    private static readonly DateTimeOffset now = new(2026, 11, 28, 20, 0, 0, 123, TimeSpan.Zero);

    [Test]
    public void Is_laid_out_as_the_frameworks_own_version_7_ids()
    {
        var (ours, theirs) = (FreshId.At(now), Guid.CreateVersion7(now));

        Assert.That(ours.Version, Is.EqualTo(7));
        Assert.That(ours.Variant, Is.EqualTo(theirs.Variant).Or.InRange(8, 11));
        Assert.That(ours.ToString()[..13], Is.EqualTo(theirs.ToString()[..13]), "the milliseconds");
    }

    [Test]
    public void Sorts_by_time() =>
        Assert.That(FreshId.At(now).CompareTo(FreshId.At(now.AddMilliseconds(1))), Is.LessThan(0));

    [Test]
    public void No_two_are_alike_whatever_thread_makes_them()
    {
        var ids = Enumerable.Range(0, 20_000).AsParallel().WithDegreeOfParallelism(4).Select(_ => FreshId.At(now)).ToList();

        Assert.That(ids, Is.Unique);
    }

    [Test]
    public void All_the_other_bits_are_random()
    {
        // Over a thousand ids each random bit is seen set and unset.
        var (set, unset) = (UInt128.Zero, UInt128.Zero);
        foreach (var bits in Enumerable.Range(0, 1_000).Select(_ => UInt128.Parse(FreshId.At(now).ToString("N"), System.Globalization.NumberStyles.HexNumber, null)))
        {
            (set, unset) = (set | bits, unset | ~bits);
        }

        var random = UInt128.Parse("0000000000000FFF3FFFFFFFFFFFFFFF", System.Globalization.NumberStyles.HexNumber, null);
        Assert.That(set & unset, Is.EqualTo(random));
    }
}
