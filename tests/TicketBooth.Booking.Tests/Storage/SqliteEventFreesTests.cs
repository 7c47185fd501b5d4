using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Storage;

public sealed class SqliteEventFreesTests
{
    private StorageFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new StorageFolder();

    [TearDown]
    public async Task RemoveFolderAsync()
    {
        await folder.CloseAsync();
        folder.Dispose();
    }

    [Test]
    public async Task A_file_of_an_older_release_goes_on_counting_from_what_its_orders_and_blocks_gave_back()
    {
        var other = TaggedId.NewBase(SampleOrder.Now);
        var held = SampleOrder.Place(3);
        var former = folder.Open().Open(SqliteStores.NameOf(1), SqliteOrderStore.Schema[..9]);
        await former.WriteAsync(session =>
        {
            FormerFiles.Insert(session, held.After);
            FormerFiles.Insert(session, SampleOrder.Placed(1), freed: 1);
            FormerFiles.Insert(session, SampleOrder.Placed(2), freed: 2);
            FormerFiles.Insert(session, SampleOrder.Place([4], eventId: other).After, freed: 1);
            foreach (var releasedAt in new DateTimeOffset?[] { null, SampleOrder.Now })
            {
                session.Execute(
                    """
                    INSERT INTO ticket_blocks(id, event_id, kind, ranges, tickets, reason, by_id, by_name, at, released_at)
                    VALUES (?1, ?2, 0, '[]', 0, 'VIP', ?1, 'Ana', ?3, ?4)
                    """,
                    SampleOrder.NewId(), SampleOrder.Event, SampleOrder.Now, releasedAt);
            }
        });
        await folder.CloseAsync();

        var store = SqliteStores.Open(folder.Open(), shard: 1);

        Assert.That(await store.CountFreesAsync(SampleOrder.Event), Is.EqualTo(4));
        Assert.That(await store.CountFreesAsync(other), Is.EqualTo(1));
        Assert.That(await store.CountFreesAsync(SampleOrder.NewId()), Is.Zero);
        await store.WriteAsync([new OrderWrite(OrderRules.Expire(held.After, settledPaymentId: null, held.After.ExpiresAt), Inbox: null)]);
        Assert.That(await store.CountFreesAsync(SampleOrder.Event), Is.EqualTo(5));
    }
}
