using FsCheck;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Web;

public sealed class CursorTests
{
    [FsCheck.NUnit.Property]
    public bool Comes_back_from_its_text(DoNotSize<long> value, Guid id)
    {
        var cursor = new Cursor(value.Item, id);
        return Cursor.TryParse(cursor.ToString(), out var read) && read == cursor;
    }

    [FsCheck.NUnit.Property]
    public bool Its_text_needs_no_escaping_in_a_query(DoNotSize<long> value, Guid id)
    {
        var text = new Cursor(value.Item, id).ToString();
        return Uri.EscapeDataString(text) == text;
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("0")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Description = "one too short")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Description = "one too long")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [TestCase("AAAAAAAAAAAAAAAA AAAAAAAAAAAAAAA")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [TestCase("' OR 1=1 --' OR 1=1 --' OR 1=1 -")]
    public void Refuses_what_is_not_ours(string? text) => Assert.That(Cursor.TryParse(text, out _), Is.False);

    [Test]
    public void A_page_shows_the_limit_and_points_behind_its_last_row()
    {
        var page = Page<int>.Of([1, 2, 3], 2, last => $"after {last}");

        Assert.That(page.Items, Is.EqualTo([1, 2]));
        Assert.That(page.NextCursor, Is.EqualTo("after 2"));
    }

    [Test]
    public void The_last_page_points_nowhere()
    {
        var page = Page<int>.Of([1, 2], 2, last => $"after {last}");

        Assert.That(page.Items, Is.EqualTo([1, 2]));
        Assert.That(page.NextCursor, Is.Null);
    }

    [Test]
    public void A_cursor_of_a_list_by_time_holds_a_time([Values("________________________________", "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not a cursor", "", null)] string? text) =>
        Assert.That(Cursor.TryParseTime(text, out _, out _), Is.False);

    [Test]
    public void A_cursor_of_a_list_by_time_is_read_as_it_was_written()
    {
        var (at, id) = (new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero), Guid.CreateVersion7());
        var isRead = Cursor.TryParseTime(new Cursor(at.UtcTicks, id).ToString(), out var readAt, out var readId);
        Assert.That((isRead, readAt, readId), Is.EqualTo((true, at, id)));
    }
}
