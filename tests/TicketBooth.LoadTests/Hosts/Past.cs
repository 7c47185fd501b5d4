using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>
/// Fills a folder with orders of the past, faster than requests could: the order store itself writes them, decided by the rules and with their
/// messages, and a host in this process lets the other modules follow. So all modules know them as if they had been sold.
/// </summary>
internal sealed class Past(TestHost host, string adminToken)
{
    /// <summary>
    /// All but Notifications: it would mail the buyers of all these held orders, for days. A host that has it would first catch up with
    /// them, so those that are measured leave it out, too.
    /// </summary>
    public static readonly (string Key, string Value) Modules = ("Modules", "Accounts,Events,Booking,Payments,Admissions,Dashboard");

    private const int TicketsPerEvent = 10_000;
    private const int Batch = 500;

    // The most orders that the followers may be behind.
    private const int Ahead = 100_000;

    // Of an event's tickets this share stays held; the others were held and canceled, as often as it takes.
    private const double Held = 0.8;

    private static readonly TimeSpan hold = TimeSpan.FromDays(30);

    /// <param name="folder">Where the files will be.</param>
    /// <param name="orders">How many.</param>
    /// <param name="events">Over how many events of 10,000 tickets they are spread.</param>
    /// <param name="onSale">How many events without orders there are besides, on the shard of the first orders.</param>
    /// <returns>The ids of the events without orders.</returns>
    public static async Task<IReadOnlyList<string>> MakeAsync(string folder, int orders, int events, int onSale)
    {
        await using var host = await TestHost.StartAsync(
            folder: folder,
            settings:
            [
                Modules,
                ("Accounts:AccessTokenMinutes", "1440"),
                ("Dashboard:ReconcileHours", "0"),
                ("Logging:LogLevel:Default", "Error"),
            ]
        );
        var past = new Past(host, await Api.SignInAsync(host.Client, TestUsers.AdminEmail, TestUsers.AdminPassword));
        var fresh = await past.PublishAsync("Coming night", onSale);
        await past.SellAsync(await past.PublishAsync("Past night", events), orders);
        return fresh;
    }

    private async Task<IReadOnlyList<string>> PublishAsync(string name, int count)
    {
        var ids = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            ids.Add(await Api.PublishEventAsync(host.Client, adminToken, $"{name} {i}", TicketsPerEvent, large: false));
        }

        return ids;
    }

    private async Task SellAsync(IReadOnlyList<string> events, int orders)
    {
        var services = host.App.Services;
        var (catalog, shards) = (services.GetRequiredService<OnSaleCatalog>(), services.GetRequiredService<ShardRegistry>());
        for (var done = 0; done < orders; done += Batch)
        {
            // The events take turns, batch by batch; an event's orders are numbered over all its batches.
            var sale = await catalog.FindKnownAsync(Guid.Parse(events[done / Batch % events.Count]), CancellationToken.None);
            var first = done / Batch / events.Count * Batch;
            var writes = Enumerable.Range(first, Math.Min(Batch, orders - done)).Select(number => OrderOf(sale, number)).ToList();
            var outcomes = await (await shards.OfAsync(sale.Shard)).Store.WriteAsync(writes);
            if (outcomes.Any(outcome => outcome != WriteOutcome.Written))
            {
                throw new InvalidOperationException("An order of the past was not written.");
            }

            if (done % Ahead == 0)
            {
                await UntilFollowedAsync(done - Ahead);
            }
        }

        await UntilFollowedAsync(orders);
    }

    /// <summary>An order of one ticket, and its end where there are more orders than tickets to be held.</summary>
    private static OrderWrite OrderOf(EventOnSale sale, int number)
    {
        const int StayHeld = (int)(Held * TicketsPerEvent);
        var now = TimeProvider.System.GetUtcNow();
        var ticket = number < StayHeld ? number + 1 : StayHeld + 1 + (number % (TicketsPerEvent - StayHeld));
        var placed = OrderRules.Place(
            TaggedId.New(now, sale.Shard),
            sale.Id,
            Guid.CreateVersion7(now),
            [sale.Ticket(ticket)],
            sale.Currency,
            now,
            hold
        );
        if (number < StayHeld)
        {
            return new OrderWrite(placed, Inbox: null);
        }

        // What became of it is written at once, with the messages of both: half the writes.
        var ended = OrderRules.Cancel(placed.After, buyerId: null, default, "canceled", now).Value;
        return new OrderWrite(ended with { Before = null, Events = [.. placed.Events, .. ended.Events] }, Inbox: null);
    }

    private async Task UntilFollowedAsync(long orders)
    {
        while (orders > 0 && (await Followed.ReadAsync(host.Client, adminToken)).Placed < orders)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }
}
