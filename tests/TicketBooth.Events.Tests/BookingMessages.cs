using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Domain;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests;

/// <summary>Stands for Booking: an outbox of its own in the host, whose entries come through the real relay.</summary>
internal sealed class BookingMessages
{
    private readonly SqliteDatabase database;
    private readonly SqliteOutbox outbox;

    private BookingMessages(TestHost host)
    {
        database = host.App.Services.GetRequiredService<EmbeddedStorage>().Open("booking-of-the-test", [SqliteOutbox.Schema, SqliteOutbox.Pages]);
        outbox = new SqliteOutbox("booking-of-the-test", database);
        host.App.Services.GetRequiredService<OutboxRelay>().Attach(outbox);
    }

    public static BookingMessages In(TestHost host) => new(host);

    public static OutboxEntry Entry(TicketUpdate sale, int paidRevision = 2) => sale.State switch
    {
        TicketState.OnPayment => Encode(new OrderPlaced(sale.OrderId, sale.Revision, sale.EventId, sale.OrderId, sale.Tickets, 1, "BRL", Sample.Now, Sample.Now)),
        TicketState.Sold => Encode(new OrderPaid(sale.OrderId, sale.Revision, sale.EventId, sale.OrderId, sale.Tickets, 1, "BRL", sale.OrderId, Sample.Now)),
        _ when sale.Revision > paidRevision => Encode(new OrderRefunded(sale.OrderId, sale.Revision, sale.EventId, sale.OrderId, sale.Tickets, 1, "BRL", sale.OrderId, Sample.Now)),
        _ when sale.Tickets.Count > 1 => Encode(new OrderCanceled(sale.OrderId, sale.Revision, sale.EventId, sale.OrderId, sale.Tickets, Sample.Now)),
        _ => Encode(new OrderExpired(sale.OrderId, sale.Revision, sale.EventId, sale.OrderId, sale.Tickets, Sample.Now)),
    };

    public static OutboxEntry Entry(TicketBlockChanged block) => MessageCodec.Encode(block, block.BlockId, Sample.Now);

    public async Task SendAsync(params OutboxEntry[] entries)
    {
        await database.WriteAsync(session =>
        {
            foreach (var entry in entries)
            {
                SqliteOutbox.Append(session, entry);
            }
        });
        outbox.Signal();
    }

    /// <summary>Until the module has taken in everything that was sent.</summary>
    public Task WaitAsync() => Eventually.Async(
        () => outbox.DepthAsync(CancellationToken.None), left => left == 0, "every message to be taken in");

    private static OutboxEntry Encode<T>(T message)
        where T : class, IOrderMessage => MessageCodec.Encode(message, message.OrderId, Sample.Now);
}
