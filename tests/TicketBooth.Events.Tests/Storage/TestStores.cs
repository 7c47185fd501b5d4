using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Storage;
using TicketBooth.Events.Storage.Mongo;
using TicketBooth.Events.Storage.Sqlite;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>The stores of one host, over the same data.</summary>
internal sealed record TestStores(IEventStore Events, ITicketStateStore Tickets, IPriceHistoryStore Prices)
{
    public static TestStores In(EmbeddedStorage storage)
    {
        var database = new SqliteEventsDatabase(storage);
        return new TestStores(new SqliteEventStore(database), new SqliteTicketStateStore(database), new SqlitePriceHistoryStore(database));
    }

    public static TestStores In(MongoEventsDatabase database) =>
        new(new MongoEventStore(database), new MongoTicketStateStore(database), new MongoPriceHistoryStore(database));

    public static TestStores Of(IServiceProvider services) =>
        new(services.GetRequiredService<IEventStore>(), services.GetRequiredService<ITicketStateStore>(), services.GetRequiredService<IPriceHistoryStore>());
}
