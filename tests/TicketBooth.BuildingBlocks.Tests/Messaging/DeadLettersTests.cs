using System.Text;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

public sealed class DeadLettersTests
{
    private TempFolder folder = null!;
    private FakeTimeProvider clock = null!;
    private EmbeddedStorage storage = null!;
    private SqliteDeadLetters letters = null!;

    [SetUp]
    public void Open()
    {
        folder = new TempFolder();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));
        storage = TestStorage.Open(folder.Path);
        letters = new SqliteDeadLetters(storage, clock);
    }

    [TearDown]
    public async Task Close()
    {
        await storage.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task A_letter_comes_back_whole()
    {
        var entry = Entry() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        await letters.AddAsync("Booking", "events", entry, "broken");

        var letter = (await letters.ListAsync(10)).Single();
        Assert.That((letter.Module, letter.Source, letter.Reason, letter.FailedAt), Is.EqualTo(("Booking", "events", "broken", clock.GetUtcNow())));
        Assert.That(letter.Entry.Body, Is.EqualTo(entry.Body));
        Assert.That(letter.Entry with { Body = entry.Body }, Is.EqualTo(entry));
        Assert.That((await letters.FindAsync(letter.Number))!.Entry.MessageId, Is.EqualTo(entry.MessageId));
    }

    [Test]
    public async Task A_message_that_fails_again_is_still_one_letter_with_the_newer_reason()
    {
        var entry = Entry();
        await letters.AddAsync("Booking", "events", entry, "broken");
        clock.Advance(TimeSpan.FromMinutes(1));

        await letters.AddAsync("Booking", "events", entry, "still broken");

        var letter = (await letters.ListAsync(10)).Single();
        Assert.That((letter.Reason, letter.FailedAt), Is.EqualTo(("still broken", clock.GetUtcNow())));
    }

    [Test]
    public async Task Two_modules_that_fail_on_one_message_have_a_letter_each()
    {
        var entry = Entry();
        await letters.AddAsync("Booking", "events", entry, "broken");

        await letters.AddAsync("Dashboard", "events", entry, "broken");

        Assert.That(await letters.CountAsync(), Is.EqualTo(2));
        Assert.That((await letters.ListAsync(10)).Select(letter => letter.Module), Is.EqualTo(["Booking", "Dashboard"]), "oldest first");
        Assert.That((await letters.ListAsync(1)).Select(letter => letter.Module), Is.EqualTo(["Booking"]));
    }

    [Test]
    public async Task A_letter_that_was_removed_is_gone()
    {
        await letters.AddAsync("Booking", "events", Entry(), "broken");
        var number = (await letters.ListAsync(1)).Single().Number;

        await letters.RemoveAsync(number);

        Assert.That(await letters.CountAsync(), Is.Zero);
        Assert.That(await letters.FindAsync(number), Is.Null);
    }

    private OutboxEntry Entry() =>
        new(Guid.CreateVersion7(clock.GetUtcNow()), "urn:message:Some:Message", Guid.CreateVersion7(clock.GetUtcNow()), Encoding.UTF8.GetBytes("{}"), Guid.CreateVersion7(clock.GetUtcNow()), TraceParent: null, clock.GetUtcNow());
}
