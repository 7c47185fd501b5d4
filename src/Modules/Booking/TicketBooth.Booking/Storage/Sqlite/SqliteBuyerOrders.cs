using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>
/// Which orders a buyer has. Buyers come in no order, so with an index by buyer nearly every sale has a page of it to write. New orders are
/// noted in one row for a whole batch instead, and thousands are sorted into the index together. Until then they are in memory, too.
/// </summary>
/// <remarks>
/// Each batch sorts a part of them in, so that nobody waits for all of it. Parts are ranges of buyers: each page of the index belongs to
/// one part. The notes stay until the last part is in; a start in between begins with the first one again.
/// </remarks>
internal sealed class SqliteBuyerOrders
{
    public const string Schema = """
        CREATE TABLE buyer_orders(buyer_id BLOB NOT NULL, order_id BLOB NOT NULL, PRIMARY KEY(buyer_id, order_id)) WITHOUT ROWID;
        INSERT INTO buyer_orders(buyer_id, order_id) SELECT buyer_id, id FROM orders ORDER BY buyer_id, id;
        DROP INDEX orders_buyer;
        CREATE TABLE unsorted_orders(batch INTEGER PRIMARY KEY, ids BLOB NOT NULL);
        """;

    private const int MostUnsorted = 4096;
    private const int Part = 512;
    private const int IdLength = 16;

    private readonly Lock turn = new();
    private readonly Dictionary<Guid, HashSet<Guid>> unsorted = [];
    private int count;
    private Sorting? sorting;

    public SqliteBuyerOrders(SqliteDatabase database) => Remember(database.Read(Unsorted));

    /// <summary>Notes new orders, as part of the change that <paramref name="session"/> is making.</summary>
    /// <returns>What this changes in memory, once it is on disk.</returns>
    public Noted Note(SqliteSession session, IReadOnlyList<Order> placed)
    {
        if (placed.Count == 0)
        {
            return new Noted([], [], Volatile.Read(ref sorting));
        }

        List<(Guid BuyerId, Guid OrderId)> added = [.. placed.Select(order => (order.BuyerId, order.Id))];
        session.Execute("INSERT INTO unsorted_orders(ids) VALUES (?1)", Pack(added));
        var under = Volatile.Read(ref sorting) ?? (Volatile.Read(ref count) + added.Count > MostUnsorted ? Begin(session) : null);
        return under is null ? new Noted(added, [], null) : SortIn(session, added, under);
    }

    public void Apply(Noted noted)
    {
        Remember(noted.Added);
        lock (turn)
        {
            sorting = noted.Next;
            foreach (var (buyerId, orderId) in noted.SortedIn)
            {
                if (unsorted.GetValueOrDefault(buyerId) is { } orders && orders.Remove(orderId))
                {
                    count--;
                    if (orders.Count == 0)
                    {
                        unsorted.Remove(buyerId);
                    }
                }
            }
        }
    }

    /// <summary>The ids of a buyer's orders, highest first, below <paramref name="before"/>.</summary>
    public IReadOnlyList<Guid> Of(SqliteSession session, Guid buyerId, Guid? before, int limit)
    {
        Guid[] newest;
        lock (turn)
        {
            // Before the file is read: what leaves the memory meanwhile is in the file.
            newest = [.. unsorted.GetValueOrDefault(buyerId, [])];
        }

        var sorted = session.Query(
            """
            SELECT order_id FROM buyer_orders
            WHERE buyer_id = ?1 AND (?2 IS NULL OR order_id < ?2) ORDER BY order_id DESC LIMIT ?3
            """,
            row => row.Id(0),
            buyerId,
            before,
            limit
        );
        return [.. newest.Where(id => before is not { } limitId || id.CompareTo(limitId) < 0).Union(sorted).OrderDescending().Take(limit)];
    }

    private static Sorting Begin(SqliteSession session)
    {
        var all = Unsorted(session);
        all.Sort();
        return new Sorting(all, Done: 0, LastBatch: session.Number("SELECT MAX(batch) FROM unsorted_orders"));
    }

    private static Noted SortIn(SqliteSession session, List<(Guid BuyerId, Guid OrderId)> added, Sorting under)
    {
        var part = under.Orders.GetRange(under.Done, Math.Min(Part, under.Orders.Count - under.Done));
        foreach (var (buyerId, orderId) in part)
        {
            // It is there when the host ended between this part and the last one.
            session.Execute("INSERT OR IGNORE INTO buyer_orders(buyer_id, order_id) VALUES (?1, ?2)", buyerId, orderId);
        }

        var next = under with { Done = under.Done + part.Count };
        if (next.Done < next.Orders.Count)
        {
            return new Noted(added, part, next);
        }

        session.Execute("DELETE FROM unsorted_orders WHERE batch <= ?1", under.LastBatch);
        return new Noted(added, part, null);
    }

    private static List<(Guid BuyerId, Guid OrderId)> Unsorted(SqliteSession session) =>
        [.. session.Query("SELECT ids FROM unsorted_orders", row => Unpack(row.Bytes(0))).SelectMany(ids => ids)];

    private void Remember(List<(Guid BuyerId, Guid OrderId)> added)
    {
        lock (turn)
        {
            foreach (var (buyerId, orderId) in added)
            {
                if (!unsorted.TryGetValue(buyerId, out var orders))
                {
                    unsorted.Add(buyerId, orders = []);
                }

                count += orders.Add(orderId) ? 1 : 0;
            }
        }
    }

    private static byte[] Pack(List<(Guid BuyerId, Guid OrderId)> ids)
    {
        var bytes = new byte[ids.Count * 2 * IdLength];
        for (var i = 0; i < ids.Count; i++)
        {
            var pair = bytes.AsSpan(i * 2 * IdLength);
            ids[i].BuyerId.TryWriteBytes(pair, bigEndian: true, out _);
            ids[i].OrderId.TryWriteBytes(pair[IdLength..], bigEndian: true, out _);
        }

        return bytes;
    }

    private static List<(Guid BuyerId, Guid OrderId)> Unpack(byte[] bytes)
    {
        var ids = new List<(Guid BuyerId, Guid OrderId)>(bytes.Length / (2 * IdLength));
        for (var at = 0; at < bytes.Length; at += 2 * IdLength)
        {
            ids.Add((IdAt(at), IdAt(at + IdLength)));
        }

        return ids;

        Guid IdAt(int at) => new(bytes.AsSpan(at, IdLength), bigEndian: true);
    }

    /// <summary>Orders that are being sorted into the index, part by part.</summary>
    /// <param name="Orders">By buyer.</param>
    /// <param name="Done">How many of them are in the index.</param>
    /// <param name="LastBatch">The last one with a note of some of them.</param>
    internal sealed record Sorting(List<(Guid BuyerId, Guid OrderId)> Orders, int Done, long LastBatch);

    /// <summary>Orders that a write noted, those that it sorted into the index, and what is left of the sorting.</summary>
    internal readonly record struct Noted(
        List<(Guid BuyerId, Guid OrderId)> Added,
        List<(Guid BuyerId, Guid OrderId)> SortedIn,
        Sorting? Next
    );
}
