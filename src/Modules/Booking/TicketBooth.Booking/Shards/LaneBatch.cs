using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// One pass over the waiting items: load the orders, decide each item, write all decisions at once, report the outcomes. An item that the
/// store refused for a reason that may be gone (an expired hold in the way, a version conflict) is retried in the next batch.
/// </summary>
/// <remarks>
/// Every decision rests on what is durable, never on what an item before it in the batch is about to write: that write may fail, and then
/// the decision would rest on a version that does not exist.
/// </remarks>
internal sealed class LaneBatch
{
    private readonly IOrderStore store;
    private readonly TicketMaps maps;
    private readonly LaneMetrics metrics;
    private readonly TimeProvider clock;
    private readonly OverdueHolds holds;
    private readonly BuyerTurns turns;
    private readonly PlaceDecisions places;
    private readonly List<LaneItem> again = [];
    private readonly List<(LaneItem Item, OrderChange Change)> decided = [];
    private readonly List<(LaneItem Item, OrderChange Change)> contested = [];
    private readonly HashSet<Guid> changing = [];
    private readonly HashSet<Guid> unsettled = [];
    private Dictionary<Guid, Order> orders = [];

    public LaneBatch(
        IOrderStore store,
        TicketMaps maps,
        KnownBuyers buyers,
        OnSaleCatalog catalog,
        BookingOptions options,
        LaneMetrics metrics,
        TimeProvider clock
    )
    {
        (this.store, this.maps, this.metrics, this.clock) = (store, maps, metrics, clock);
        var now = clock.GetUtcNow();
        holds = new OverdueHolds(store, maps, metrics, changing, now);
        turns = new BuyerTurns(store, buyers, BuyerLimits.Of(options), now);
        places = new PlaceDecisions(catalog, options, clock, maps, holds, turns, unsettled);
    }

    /// <returns>The items that have no outcome yet.</returns>
    public async Task<List<LaneItem>> RunAsync(List<LaneItem> items)
    {
        maps.BeginBatch();
        await LoadAsync(items);
        foreach (var item in items)
        {
            if (await DecideAsync(item) is { } change)
            {
                if (item is PlaceItem { Numbers: not null, IsFree: false })
                {
                    // If the map is right, the store would refuse it. Whether it is right is asked by a read, which saves a write.
                    Contest(item, change);
                    continue;
                }

                decided.Add((item, change));
                if (change.TakesTickets)
                {
                    turns.Take(change.After);
                }

                if (item is ChangeItem)
                {
                    changing.Add(change.After.Id);
                }

                if (change.TakesTickets || change.FreesTickets)
                {
                    unsettled.Add(change.After.EventId);
                }
            }
        }

        if (decided.Count > 0)
        {
            await WriteAsync();
        }

        if (contested.Count > 0)
        {
            await SettleAsync();
        }

        return again;
    }

    private async Task LoadAsync(List<LaneItem> items)
    {
        var ids = items.OfType<ChangeItem>().Select(item => item.OrderId).Distinct().ToList();
        if (ids.Count > 0)
        {
            orders = (await store.LoadAsync(ids)).ToDictionary(order => order.Id);
        }

        await turns.LoadAsync(items);
    }

    private async ValueTask<OrderChange?> DecideAsync(LaneItem item)
    {
        Result<OrderChange>? decision = item switch
        {
            PlaceItem place => await places.DecideAsync(place),
            ChangeItem change when changing.Contains(change.OrderId) => null,
            ChangeItem change => orders.TryGetValue(change.OrderId, out var order) ? change.Decide(order, clock) : BookingErrors.NotFound,
            _ => throw new ArgumentOutOfRangeException(nameof(item), item, "Not an item of a lane."),
        };
        switch (decision)
        {
            case null:
                again.Add(item);
                return null;
            case { Error: { } error }:
                item.Complete(error);
                return null;
            case { Value: { IsNothing: true, After: var unchanged } }:
                item.Complete(unchanged);
                return null;
            case { Value: { TakesTickets: true, Before: not null } claimedAgain }:
                return await RetakeAsync(item, claimedAgain);
            case { Value: var change }:
                return change;
        }
    }

    private async ValueTask<OrderChange?> RetakeAsync(LaneItem item, OrderChange change)
    {
        var checkedChange = await turns.CheckAsync(change);
        if (checkedChange is null)
        {
            again.Add(item);
        }

        return checkedChange;
    }

    private async Task WriteAsync()
    {
        decided.ForEach(entry => maps.Taken.Forget(entry.Change.After));
        var outcomes = await store.WriteAsync(
            decided.ConvertAll(entry => new OrderWrite(entry.Change, (entry.Item as ChangeItem)?.Inbox, entry.Item.Trace))
        );
        for (var i = 0; i < decided.Count; i++)
        {
            var (item, change) = decided[i];
            switch (outcomes[i])
            {
                case WriteOutcome.Written:
                    metrics.Changed(change);
                    maps.Apply(change);
                    turns.Learn(change.After);
                    item.Complete(change.After);
                    break;
                case WriteOutcome.Duplicate:
                    item.Complete(change.Before!);
                    break;
                case WriteOutcome.Stale when item is PlaceItem:
                    // The order's id was reserved by an idempotency key and the order exists: the same answer again.
                    maps.Unmark(item);
                    item.Complete((await store.LoadAsync([change.After.Id])).Single());
                    break;
                case WriteOutcome.OutOfTurn:
                    // The buyer has an order that this decision did not know of: the next one reads it.
                    maps.Unmark(item);
                    turns.Learn(change.After);
                    again.Add(item);
                    break;
                case WriteOutcome.Stale:
                    again.Add(item);
                    break;
                case WriteOutcome.TicketTaken:
                    Contest(item, change);
                    break;
                default:
                    throw new InvalidOperationException($"The store answered {outcomes[i]}.");
            }
        }
    }

    private void Contest(LaneItem item, OrderChange change)
    {
        maps.Unmark(item);
        contested.Add((item, change));
    }

    /// <summary>
    /// Finds out who has the contested tickets. Holds that are over are expired at once; against all others, and against tickets that staff
    /// have blocked, the item has lost.
    /// </summary>
    private async Task SettleAsync()
    {
        var tickets = contested.SelectMany(entry => entry.Change.After.Tickets).Select(ticket => ticket.Id).Distinct().ToList();
        var holders = await store.HoldersAsync(tickets);
        await holds.ReleaseAsync([.. holders.Where(holds.Includes)]);
        var taken = new Dictionary<Guid, Order>();
        foreach (var order in holders.Where(order => !holds.Includes(order)))
        {
            foreach (var ticket in order.Held)
            {
                taken[ticket.Id] = order;
                maps.Taken.Note(ticket.Id, order);
            }
        }

        // Nearly always a buyer has the ticket, and nobody needs to ask for blocks.
        var others = tickets.FindAll(ticket => !taken.ContainsKey(ticket));
        var blocked = others.Count > 0 ? await store.Blocks.BlockedAsync(others) : new HashSet<Guid>();
        foreach (var (item, change) in contested)
        {
            var against = change.After.Tickets.Select(ticket => taken.GetValueOrDefault(ticket.Id)).OfType<Order>().ToList();
            var isLost = change.After.Tickets.Any(ticket => taken.ContainsKey(ticket.Id) || blocked.Contains(ticket.Id));
            if (item is PlaceItem { Numbers: not null })
            {
                await maps.CorrectAsync(change.After, id => taken.ContainsKey(id) || blocked.Contains(id));
            }

            switch (item)
            {
                case PlaceItem { Numbers: not null, OrderId: var id } when against.Find(order => order.Id == id) is { } placed:
                    // Placed by another request with the same idempotency key.
                    item.Complete(placed);
                    break;
                case PlaceItem { Numbers: not null, BuyerId: var buyer } when isLost:
                    var own = against.Find(order => order.BuyerId == buyer);
                    item.Complete(own is null ? BookingErrors.TicketTaken : BookingErrors.TicketTaken.Naming(own.Id));
                    break;
                case PlaceItem { Numbers: null } place:
                    // The proposal was wrong, so the map it came from is; and who sold the ticket sells the next one, too.
                    maps.Discard(place.EventId);
                    again.Add(item);
                    break;
                default:
                    (item as ChangeItem)?.TicketsAreGone = isLost;
                    again.Add(item);
                    break;
            }
        }
    }
}
