using FsCheck;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests;

public sealed class TaggedIdTests
{
    [FsCheck.NUnit.Property]
    public bool A_tag_is_read_back(DoNotSize<uint> at, DoNotSize<ushort> tag) =>
        TaggedId.TryReadTag(TaggedId.New(Time(at.Item), tag.Item), out var read) && read == tag.Item;

    [FsCheck.NUnit.Property]
    public bool A_tagged_id_gives_back_the_base_it_was_made_from(DoNotSize<uint> at, DoNotSize<ushort> tag)
    {
        var origin = TaggedId.NewBase(Time(at.Item));
        var tagged = TaggedId.Of(origin, tag.Item);
        return TaggedId.BaseOf(tagged) == origin && TaggedId.TryReadTag(tagged, out var read) && read == tag.Item;
    }

    [FsCheck.NUnit.Property]
    public bool Versions_tell_bases_from_tagged_ids(DoNotSize<uint> at, DoNotSize<ushort> tag)
    {
        var origin = TaggedId.NewBase(Time(at.Item));
        var tagged = TaggedId.New(Time(at.Item), tag.Item);
        return origin is { Version: 7, Variant: >= 8 and <= 0xB }
            && tagged is { Version: 8, Variant: >= 8 and <= 0xB }
            && TaggedId.Of(origin, tag.Item) is { Version: 8, Variant: >= 8 and <= 0xB }
            && !TaggedId.TryReadTag(origin, out _);
    }

    [FsCheck.NUnit.Property]
    public bool Different_tags_of_one_base_are_different_ids(DoNotSize<uint> at, DoNotSize<ushort> one, DoNotSize<ushort> other)
    {
        var origin = TaggedId.NewBase(Time(at.Item));
        return one.Item == other.Item == (TaggedId.Of(origin, one.Item) == TaggedId.Of(origin, other.Item));
    }

    [FsCheck.NUnit.Property]
    public bool Every_id_of_a_moment_is_between_the_first_of_it_and_of_the_next(DoNotSize<uint> at, DoNotSize<ushort> tag)
    {
        var (moment, next) = (Time(at.Item), Time(at.Item).AddMilliseconds(1));
        var id = TaggedId.New(moment, tag.Item);
        return TaggedId.Earliest(moment) < id
            && id < TaggedId.Earliest(next)
            && TaggedId.MomentOf(id) == DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds());
    }

    [FsCheck.NUnit.Property]
    public bool Ids_sort_by_time_whatever_their_tag(DoNotSize<uint> at, DoNotSize<ushort> tag, DoNotSize<ushort> laterTag)
    {
        var (earlier, later) = (Time(at.Item), Time(at.Item).AddMilliseconds(1));
        return Sorts(TaggedId.NewBase(earlier), TaggedId.NewBase(later))
            && Sorts(TaggedId.New(earlier, tag.Item), TaggedId.New(later, laterTag.Item));
    }

    [Test]
    public void A_thousand_ids_of_one_millisecond_and_tag_are_all_different()
    {
        var now = Time(1_800_000_000);

        var ids = Enumerable.Range(0, 1_000).Select(_ => TaggedId.New(now, 1)).ToList();

        Assert.That(ids, Is.Unique);
    }

    // As text and as the bytes that the store sorts by.
    private static bool Sorts(Guid earlier, Guid later) =>
        earlier.CompareTo(later) < 0
        && string.CompareOrdinal(earlier.ToString(), later.ToString()) < 0
        && earlier.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(later.ToByteArray(bigEndian: true)) < 0;

    private static DateTimeOffset Time(uint at) => DateTimeOffset.FromUnixTimeSeconds(at);
}
