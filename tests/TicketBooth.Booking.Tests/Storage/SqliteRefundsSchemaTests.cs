using Microsoft.Data.Sqlite;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Storage;

/// <summary>A file from before refunds were kept opens, and its orders are given back as new ones are.</summary>
internal sealed class SqliteRefundsSchemaTests
{
    [Test]
    public async Task Orders_of_a_former_release_are_read_and_refunded()
    {
        using var folder = new StorageFolder();
        var paid = SampleOrder.Paid(SampleOrder.NewId());
        var ended = SampleOrder.Refunded(SampleOrder.NewId()) with { Refunds = [] };
        ended = ended with { Tickets = [.. ended.Tickets.Select(ticket => ticket with { Released = false })] };
        folder.Open().Open(SqliteStores.NameOf(1), SqliteOrderStore.Schema[..^1]);
        await folder.CloseAsync();
        await using (var file = new SqliteConnection($"Data Source={Path.Combine(folder.Path, SqliteStores.NameOf(1))}.db;Pooling=False"))
        {
            await file.OpenAsync();
            await InsertAsync(file, paid);
            await InsertAsync(file, ended);
        }

        var store = SqliteStores.Open(folder.Open(), 1);
        var (first, second) = (await FindAsync(store, paid.Id), await FindAsync(store, ended.Id));
        Assert.That((first.Returned, first.Held.Count, second.Returned, second.Held.Count), Is.EqualTo((0L, 2, 20_000L, 0)));

        var terms = new RefundTerms(SampleOrder.NewId(), [paid.Tickets[0].Id], null, null, "Why.", new Actor(SampleOrder.NewId(), "Ana"));
        var change = RefundRules.Refund(first, terms, SampleOrder.Now).Value;
        Assert.That((await store.WriteAsync([new OrderWrite(change, Inbox: null)])).Single(), Is.EqualTo(WriteOutcome.Written));
        Assert.That(await store.CountClaimsAsync(), Is.EqualTo((0L, 0L, 1L)));
        Assert.That((await FindAsync(store, paid.Id)).Held.Single().Number, Is.EqualTo(2));
        await folder.CloseAsync();
    }

    private static async Task<Order> FindAsync(IOrderStore store, Guid id) => (await store.LoadAsync([id])).Single();

    private static async Task InsertAsync(SqliteConnection file, Order order)
    {
        await using var command = file.CreateCommand();
        command.CommandText = """
            INSERT INTO orders(id, event_id, buyer_id, status, tickets, total, currency, placed_at, expires_at, payment_id, payment_status, revision, version)
            VALUES ($id, $event, $buyer, $status, $tickets, $total, 'BRL', 0, 0, $payment, 1, 2, 3)
            """;
        command.Parameters.AddWithValue("$id", Bytes(order.Id));
        command.Parameters.AddWithValue("$event", Bytes(order.EventId));
        command.Parameters.AddWithValue("$buyer", Bytes(order.BuyerId));
        command.Parameters.AddWithValue("$status", (int)order.Status);
        command.Parameters.AddWithValue("$tickets", $$"""[{"Number":1,"TierId":"{{SampleOrder.Tier}}","Price":10000},{"Number":2,"TierId":"{{SampleOrder.Tier}}","Price":10000}]""");
        command.Parameters.AddWithValue("$total", order.Total);
        command.Parameters.AddWithValue("$payment", Bytes(order.PaymentId!.Value));
        await command.ExecuteNonQueryAsync();
        foreach (var ticket in order.Held)
        {
            await using var claim = file.CreateCommand();
            claim.CommandText = "INSERT INTO claims VALUES ($ticket, $id)";
            claim.Parameters.AddWithValue("$ticket", Bytes(ticket.Id));
            claim.Parameters.AddWithValue("$id", Bytes(order.Id));
            await claim.ExecuteNonQueryAsync();
        }
    }

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);
}
