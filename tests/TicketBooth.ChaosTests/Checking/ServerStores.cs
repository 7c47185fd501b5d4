using MongoDB.Bson;
using MongoDB.Driver;
using MySqlConnector;

namespace TicketBooth.ChaosTests.Checking;

/// <summary>Reads MongoDB by its driver and MariaDB by SQL, past everything of the product's.</summary>
internal static class ServerStores
{
    private const string Prefix = "ticketbooth_";
    private const int Captured = 1;

    public static async Task<Stored> ReadAsync(string mongoDb, string mySql, DateTimeOffset now)
    {
        using var client = new MongoClient(mongoDb);
        List<StoredOrder> orders = [];
        List<StoredClaim> claims = [];
        var names = await (await client.ListDatabaseNamesAsync()).ToListAsync();
        foreach (var shard in names.Where(name => name.StartsWith(Prefix + "booking_", StringComparison.Ordinal)))
        {
            foreach (var order in await AllAsync(client, shard, "orders"))
            {
                orders.Add(OrderOf(order));
                claims.AddRange(
                    order.GetValue("held", new BsonArray()).AsBsonArray.Select(ticket => new StoredClaim(ticket.AsGuid, order["_id"].AsGuid))
                );
            }
        }

        var payments = await AllAsync(client, Prefix + "payments", "payments");
        var charges = await AllAsync(client, Prefix + "sandbox_gateway", "charges");
        var events = await AllAsync(client, Prefix + "events", "events");
        await using var dashboard = new MySqlConnection(mySql);
        await dashboard.OpenAsync();
        return new Stored(
            orders,
            claims,
            [
                .. payments.Select(payment => new StoredPayment(
                    payment["_id"].AsGuid,
                    payment["order"].AsGuid,
                    payment["amount"].AsInt64,
                    payment["status"].AsString,
                    payment.GetValue("money", null) is BsonDocument money && money.GetValue("case", false).ToBoolean()
                )),
            ],
            [.. charges.Select(charge => ChargeOf(charge, now))],
            [.. events.Select(EventOf)],
            await QueryAsync(
                dashboard,
                "SELECT Id, Status, Total FROM DashboardOrders",
                row => new ShownOrder(Guid.Parse(row.GetValue(0).ToString()!), StoredOrder.StatusOf(row.GetInt32(1)), row.GetInt64(2))
            ),
            await QueryAsync(
                dashboard,
                $"SELECT EventId, OrdersPlaced, OrdersPaid, Taken, Sold, Revenue FROM DashboardSales WHERE Span = 0 AND TierId = '{Guid.Empty}'",
                row => new ShownSales(
                    Guid.Parse(row.GetValue(0).ToString()!),
                    row.GetInt64(1),
                    row.GetInt64(2),
                    row.GetInt64(3),
                    row.GetInt64(4),
                    row.GetInt64(5)
                )
            )
        );
    }

    private static StoredOrder OrderOf(BsonDocument order) =>
        new(
            order["_id"].AsGuid,
            order["event"].AsGuid,
            order["buyer"].AsGuid,
            StoredOrder.StatusOf(order["status"].AsInt32),
            order["total"].AsInt64,
            new DateTimeOffset(order["expires"].AsInt64, TimeSpan.Zero),
            order.GetValue("paid", null) is BsonInt64,
            order["payment"] is BsonBinaryData payment ? payment.AsGuid : null,
            [
                .. order["tickets"]
                    .AsBsonArray.Select(ticket => ticket.AsBsonDocument)
                    .Select(ticket => new StoredTicket(
                        ticket["number"].AsInt32,
                        ticket["tier"].AsGuid,
                        ticket["price"].AsInt64,
                        ticket.Contains("released")
                    )),
            ],
            [
                .. order
                    .GetValue("refunds", new BsonArray())
                    .AsBsonArray.Select(refund => new StoredRefund(
                        refund["id"].AsGuid,
                        refund["amount"].AsInt64,
                        refund["released"].AsBoolean,
                        StoredOrder.RefundStatusOf(refund["status"].AsInt32),
                        refund["by_gateway"].AsBoolean
                    )),
            ]
        );

    private static StoredCharge ChargeOf(BsonDocument charge, DateTimeOffset now) =>
        SqliteFiles.ChargeOf(
            charge["_id"].AsGuid,
            charge["amount"].AsInt64,
            isCaptured: charge["outcome"] is BsonInt32 outcome && outcome.Value == Captured && charge["settles"].AsInt64 <= now.UtcTicks,
            isReturned: charge.GetValue("refunded", null) is BsonInt64,
            charge.GetValue("more", null) is BsonString more ? more.Value : null
        );

    private static StoredEvent EventOf(BsonDocument one)
    {
        var counts = one.GetValue("counts", new BsonDocument()).AsBsonDocument;
        return new StoredEvent(
            one["_id"].AsGuid,
            one["capacity"].AsInt32,
            one["canceled"].AsBoolean,
            [
                .. one["tiers"]
                    .AsBsonArray.Select(tier => tier["id"].AsGuid)
                    .Select(id => (Id: id, Counts: CountsOf(counts, id)))
                    .Select(tier => new StoredTier(
                        tier.Id,
                        0,
                        tier.Counts?.GetValue("held", 0).ToInt32() ?? 0,
                        tier.Counts?.GetValue("sold", 0).ToInt32() ?? 0
                    )),
            ]
        );
    }

    private static BsonDocument? CountsOf(BsonDocument counts, Guid tier) =>
        counts.Elements.FirstOrDefault(element => Guid.TryParse(element.Name, out var id) && id == tier).Value as BsonDocument;

    private static Task<List<BsonDocument>> AllAsync(MongoClient client, string database, string collection) =>
        client.GetDatabase(database).GetCollection<BsonDocument>(collection).Find(FilterDefinition<BsonDocument>.Empty).ToListAsync();

    private static async Task<List<T>> QueryAsync<T>(MySqlConnection connection, string sql, Func<MySqlDataReader, T> read)
    {
#pragma warning disable CA2100 // this class's own constants
        await using var command = new MySqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        List<T> all = [];
        while (await rows.ReadAsync())
        {
            all.Add(read(rows));
        }

        return all;
    }
}
