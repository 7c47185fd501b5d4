using System.Globalization;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>A file per shard.</summary>
internal sealed class SqliteOrderStores(EmbeddedStorage storage, OutboxRelay relay) : IOrderStores
{
    public bool AreOfThisHostAlone => true;

    /// <summary>
    /// Whether a shard can be opened: always, but for who only reads. A file that is lost is not missed here: it is at the start.
    /// </summary>
    public static bool Has(EmbeddedStorage storage, ushort shard) =>
        !storage.ReadOnly || File.Exists(storage.PathOf(string.Create(CultureInfo.InvariantCulture, $"booking-{shard:D4}")));

    public Task<IOrderStore> OpenAsync(ushort shard)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"booking-{shard:D4}");
        var database = storage.Open(name, SqliteOrderStore.Schema);
        var outbox = new SqliteOutbox(name, database);
        if (!storage.ReadOnly)
        {
            relay.Attach(outbox);
        }

        return Task.FromResult<IOrderStore>(new SqliteOrderStore(database, outbox));
    }
}
