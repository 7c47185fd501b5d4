using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace TicketBooth.ChaosTests.Checking;

/// <summary>Reads the embedded files by SQL of its own, also beside a host that serves them.</summary>
internal static class SqliteFiles
{
    private const int Captured = 1;

    /// <param name="folder">Of the files.</param>
    /// <param name="now">By the hosts' clock: what the sandbox takes later it has not taken.</param>
    public static Stored Read(string folder, DateTimeOffset now)
    {
        List<StoredOrder> orders = [];
        List<StoredClaim> claims = [];
        foreach (var shard in Directory.GetFiles(folder, "booking-*.db").Order(StringComparer.Ordinal))
        {
            using var file = Open(shard);
            // Orders and claims of one moment.
            using var moment = file.BeginTransaction(deferred: true);
            orders.AddRange(
                Query(
                    file,
                    "SELECT id, event_id, buyer_id, status, total, expires_at, paid_at, payment_id, tickets, refunds FROM orders",
                    row => new StoredOrder(
                        Id(row, 0),
                        Id(row, 1),
                        Id(row, 2),
                        StoredOrder.StatusOf(row.GetInt32(3)),
                        row.GetInt64(4),
                        new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero),
                        !row.IsDBNull(6),
                        row.IsDBNull(7) ? null : Id(row, 7),
                        TicketsOf(row.GetString(8)),
                        row.IsDBNull(9) ? [] : RefundsOf(row.GetString(9))
                    )
                )
            );
            claims.AddRange(Query(file, "SELECT ticket_id, order_id FROM claims", row => new StoredClaim(Id(row, 0), Id(row, 1))));
        }

        return new Stored(
            orders,
            claims,
            Payments(Path.Combine(folder, "payments.db")),
            Charges(Path.Combine(folder, "sandbox-gateway.db"), now),
            Events(Path.Combine(folder, "events.db")),
            Shown(Path.Combine(folder, "dashboard.db")),
            Sales(Path.Combine(folder, "dashboard.db"))
        );
    }

    internal static IReadOnlyList<StoredTicket> TicketsOf(string json) =>
        [
            .. JsonNode
                .Parse(json)!
                .AsArray()
                .Select(ticket => new StoredTicket(
                    (int)ticket!["Number"]!,
                    (Guid)ticket["TierId"]!,
                    (long)ticket["Price"]!,
                    (bool?)ticket["Released"] ?? false
                )),
        ];

    private static IReadOnlyList<StoredRefund> RefundsOf(string json) =>
        [
            .. JsonNode
                .Parse(json)!
                .AsArray()
                .Select(refund => new StoredRefund(
                    (Guid)refund!["Id"]!,
                    (long)refund["Amount"]!,
                    (bool)refund["Released"]!,
                    StoredOrder.RefundStatusOf((int)refund["Status"]!),
                    (bool)refund["ByGateway"]!
                )),
        ];

    private static IReadOnlyList<StoredPayment> Payments(string path)
    {
        using var file = Open(path);
        return Query(
            file,
            "SELECT id, order_id, amount, status, COALESCE(money ->> 'case', 0) FROM payments",
            row => new StoredPayment(Id(row, 0), Id(row, 1), row.GetInt64(2), row.GetString(3), row.GetInt64(4) == 1)
        );
    }

    private static IReadOnlyList<StoredCharge> Charges(string path, DateTimeOffset now)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = Open(path);
        return Query(
            file,
            "SELECT payment_id, amount, outcome, settles_at, refunded_at IS NOT NULL, more FROM charges",
            row => ChargeOf(
                Id(row, 0),
                row.GetInt64(1),
                isCaptured: !row.IsDBNull(2) && row.GetInt32(2) == Captured && row.GetInt64(3) <= now.UtcTicks,
                isReturned: row.GetBoolean(4),
                row.IsDBNull(5) ? null : row.GetString(5)
            )
        );
    }

    internal static StoredCharge ChargeOf(Guid paymentId, long amount, bool isCaptured, bool isReturned, string? more)
    {
        var rest = more is null ? null : JsonNode.Parse(more);
        return new StoredCharge(
            paymentId,
            isCaptured || isReturned ? amount + Sum(rest?["Captures"]) : 0,
            (isReturned ? amount : 0) + Sum(rest?["Refunds"])
        );

        static long Sum(JsonNode? list) => list?.AsArray().Sum(one => (long)one!["Amount"]!) ?? 0;
    }

    private static IReadOnlyList<StoredEvent> Events(string path)
    {
        using var file = Open(path);
        using var moment = file.BeginTransaction(deferred: true);
        var tiers = Query(
                file,
                "SELECT event_id, id, released, held, sold FROM tiers",
                row => (EventId: Id(row, 0), Tier: new StoredTier(Id(row, 1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)))
            )
            .ToLookup(one => one.EventId, one => one.Tier);
        return Query(
            file,
            "SELECT id, capacity, is_canceled FROM events",
            row => new StoredEvent(Id(row, 0), row.GetInt32(1), row.GetBoolean(2), [.. tiers[Id(row, 0)]])
        );
    }

    private static IReadOnlyList<ShownOrder> Shown(string path)
    {
        using var file = Open(path);
        return Query(
            file,
            "SELECT Id, Status, Total FROM DashboardOrders",
            row => new ShownOrder(Guid.Parse(row.GetString(0)), StoredOrder.StatusOf(row.GetInt32(1)), row.GetInt64(2))
        );
    }

    private static IReadOnlyList<ShownSales> Sales(string path)
    {
        using var file = Open(path);
        return Query(
            file,
            $"SELECT EventId, OrdersPlaced, OrdersPaid, Taken, Sold, Revenue FROM DashboardSales WHERE Span = 0 AND TierId LIKE '{Guid.Empty}'",
            row => new ShownSales(
                Guid.Parse(row.GetString(0)),
                row.GetInt64(1),
                row.GetInt64(2),
                row.GetInt64(3),
                row.GetInt64(4),
                row.GetInt64(5)
            )
        );
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

    private static List<T> Query<T>(SqliteConnection file, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = file.CreateCommand();
#pragma warning disable CA2100 // this class's own constants
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        List<T> all = [];
        while (rows.Read())
        {
            all.Add(read(rows));
        }

        return all;
    }

    private static Guid Id(SqliteDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);
}
