using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Sales;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Lanes;

internal sealed partial class PurchaseLane
{
    /// <summary>
    /// One pass over the waiting items: gather the orders, decide each item, write all decisions at once, tell the outcomes. Items that
    /// the store refused for a reason that can be mended (an expired hold in the way) come back for the next round of the same batch.
    /// </summary>
    /// <remarks>
    /// Every decision rests on what is durable, never on what an item before it in the round is about to write: that write may fail, and then
    /// its version would be somebody else's, and its caller would have been told of something that never was.
    /// </remarks>
    private sealed class Round(PurchaseLane lane, DateTimeOffset now)
    {
        private readonly List<LaneItem> again = [];
        private readonly List<(LaneItem Item, OrderChange Change)> decided = [];
        private readonly HashSet<Guid> changing = [];
        private readonly HashSet<Guid> unsettled = [];
        private readonly Dictionary<(Guid Event, Guid Buyer), (int Stored, int Wanted)> tickets = [];
        private Dictionary<Guid, Order> orders = [];
        private bool hasSwept;

        public async Task<List<LaneItem>> RunAsync(List<LaneItem> items)
        {
            await GatherAsync(items);
            foreach (var item in items)
            {
                if (await DecideAsync(item) is { } change)
                {
                    decided.Add((item, change));
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

            return again;
        }

        private async Task GatherAsync(List<LaneItem> items)
        {
            var ids = items.OfType<ChangeItem>().Select(item => item.OrderId).Distinct().ToList();
            if (ids.Count > 0)
            {
                orders = (await lane.store.LoadAsync(ids)).ToDictionary(order => order.Id);
            }
        }

        private async ValueTask<OrderChange?> DecideAsync(LaneItem item)
        {
            Result<OrderChange>? decision = item switch
            {
                PlaceItem place => await DecideAsync(place),
                ChangeItem change when changing.Contains(change.OrderId) => null,
                ChangeItem change => orders.TryGetValue(change.OrderId, out var order) ? change.Decide(order, now) : OrderErrors.NotFound,
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
                case { Value: var change }:
                    return change;
            }
        }

        /// <returns>Null when the item must wait for the next round.</returns>
        private async ValueTask<Result<OrderChange>?> DecideAsync(PlaceItem item)
        {
            var sale = lane.catalog.Newest(item.EventId);

            // After the prices were read: a price that came into force since the round began must not be quoted by an order that is older than it (promise I6).
            var placedAt = lane.clock.GetUtcNow();
            if (sale.IsCanceled)
            {
                return OrderErrors.EventCanceled;
            }

            if (lane.options.MaxTicketsPerBuyer is > 0 and var limit)
            {
                switch (await CheckLimitAsync(item, limit))
                {
                    case Limit.Exceeded:
                        return OrderErrors.TicketLimit(limit);
                    case Limit.DependsOnThisRound:
                        return null;
                    default:
                        break;
                }
            }

            var numbers = item.Numbers ?? await BestAsync(item, sale);
            if (item.Numbers is null && (numbers is null || !IsExpected(item, sale, numbers)))
            {
                if (unsettled.Contains(item.EventId))
                {
                    // What this round has marked may come to nothing, and what it frees is not free yet.
                    return null;
                }

                if (await SweepAsync())
                {
                    numbers = await BestAsync(item, sale);
                }
            }

            if (numbers is null)
            {
                return OrderErrors.NotEnoughTickets;
            }

            if (!IsExpected(item, sale, numbers))
            {
                return OrderErrors.PriceChanged(Total(sale, numbers));
            }

            lane.Mark(item, numbers);

            return OrderRules.Place(
                item.OrderId,
                item.EventId,
                item.BuyerId,
                Array.ConvertAll(numbers, sale.Ticket),
                sale.Currency,
                placedAt,
                lane.options.Hold
            );
        }

        private static bool IsExpected(PlaceItem item, EventOnSale sale, int[] numbers) =>
            item.ExpectedTotal is not { } expected || expected == Total(sale, numbers);

        private static long Total(EventOnSale sale, int[] numbers) => numbers.Sum(number => sale.Ticket(number).Price);

        private async ValueTask<int[]?> BestAsync(PlaceItem item, EventOnSale sale)
        {
            var occupancy = await lane.OccupancyOfAsync(item.EventId);
            var tiers = item.TierId is { } wanted ? sale.TiersByPrice.Where(tier => tier.Id == wanted) : sale.TiersByPrice;
            foreach (var tier in tiers)
            {
                if (occupancy.Best(tier.Tickets, item.Quantity, lane.starts.GetValueOrDefault(item.EventId)) is { } numbers)
                {
                    return numbers;
                }
            }

            return null;
        }

        /// <summary>Lets go of the holds that are over and were not swept yet, before somebody is refused because of them; once in a round.</summary>
        /// <returns>Whether there were any.</returns>
        private async ValueTask<bool> SweepAsync()
        {
            if (hasSwept)
            {
                return false;
            }

            hasSwept = true;
            for (var found = false; ; found = true)
            {
                var overdue = await lane.store.DueAsync(now, paymentUnderWay: false, SweepPage);
                await ExpireAsync([.. overdue.Where(order => !changing.Contains(order.Id))]);
                if (overdue.Count < SweepPage)
                {
                    return found || overdue.Count > 0;
                }
            }
        }

        private async ValueTask<Limit> CheckLimitAsync(PlaceItem item, int limit)
        {
            var key = (item.EventId, item.BuyerId);
            if (!tickets.TryGetValue(key, out var count))
            {
                count = (await lane.store.CountTicketsAsync(item.EventId, item.BuyerId), 0);
            }

            if (count.Stored + item.Quantity > limit)
            {
                // Perhaps only because of holds that are over.
                await SweepAsync();
                count = count with { Stored = await lane.store.CountTicketsAsync(item.EventId, item.BuyerId) };
            }

            if (count.Stored + item.Quantity > limit)
            {
                return Limit.Exceeded;
            }

            if (count.Stored + count.Wanted + item.Quantity > limit)
            {
                return Limit.DependsOnThisRound;
            }

            tickets[key] = count with { Wanted = count.Wanted + item.Quantity };
            return Limit.Kept;
        }

        private async Task WriteAsync()
        {
            var outcomes = await lane.store.WriteAsync(
                decided.ConvertAll(entry => new OrderWrite(entry.Change, (entry.Item as ChangeItem)?.Inbox))
            );
            var contested = new List<(LaneItem Item, OrderChange Change)>();
            for (var i = 0; i < decided.Count; i++)
            {
                var (item, change) = decided[i];
                switch (outcomes[i])
                {
                    case WriteOutcome.Written:
                        Remember(change);
                        item.Complete(change.After);
                        break;
                    case WriteOutcome.Duplicate:
                        item.Complete(change.Before!);
                        break;
                    case WriteOutcome.Stale when item is PlaceItem:
                        // The order's id was reserved by an idempotency key and the order exists: the same answer again.
                        lane.Unmark(item);
                        item.Complete((await lane.store.LoadAsync([change.After.Id])).Single());
                        break;
                    case WriteOutcome.Stale:
                        again.Add(item);
                        break;
                    case WriteOutcome.TicketTaken:
                        lane.Unmark(item);
                        contested.Add((item, change));
                        break;
                    default:
                        throw new InvalidOperationException($"The store answered {outcomes[i]}.");
                }
            }

            if (contested.Count > 0)
            {
                await SettleAsync(contested);
            }
        }

        private void Remember(OrderChange change)
        {
            if (change.FreesTickets)
            {
                lane.Free(change.After);
            }
            else if (change.TakesTickets)
            {
                // Also for a new order: a loser of this round may have taken back a mark that its item found made.
                lane.Take(change.After);
            }
        }

        /// <summary>Looks who has the contested tickets: holds that are over are expired in the same breath, everything else is lost.</summary>
        private async Task SettleAsync(List<(LaneItem Item, OrderChange Change)> contested)
        {
            var holders = await lane.store.HoldersAsync([
                .. contested.SelectMany(entry => entry.Change.After.Tickets).Select(ticket => ticket.Id).Distinct(),
            ]);
            await ExpireAsync([.. holders.Where(order => order.HoldIsOver(now) && !order.PaymentIsUnderWay)]);
            var taken = holders
                .Where(order => !order.HoldIsOver(now) || order.PaymentIsUnderWay)
                .SelectMany(order => order.Tickets)
                .Select(ticket => ticket.Id)
                .ToHashSet();
            foreach (var (item, change) in contested)
            {
                var isLost = change.After.Tickets.Any(ticket => taken.Contains(ticket.Id));
                switch (item)
                {
                    case PlaceItem { Numbers: not null } when isLost:
                        item.Complete(OrderErrors.TicketTaken);
                        break;
                    case PlaceItem { Numbers: null } place:
                        // The proposal was wrong, so the memory it came from is; and who sold the ticket sells the next one, too.
                        lane.occupancies.Remove(place.EventId);
                        lane.starts.TryAdd(place.EventId, Random.Shared.NextDouble());
                        again.Add(item);
                        break;
                    default:
                        (item as ChangeItem)?.TicketsAreGone = isLost;
                        again.Add(item);
                        break;
                }
            }
        }

        private async Task ExpireAsync(IReadOnlyList<Order> overdue)
        {
            var changes = overdue
                .Select(order => OrderRules.Expire(order, settledPaymentId: null, now))
                .Where(change => !change.IsNothing)
                .ToList();
            if (changes.Count == 0)
            {
                return;
            }

            var outcomes = await lane.store.WriteAsync(changes.ConvertAll(change => new OrderWrite(change, Inbox: null)));
            for (var i = 0; i < changes.Count; i++)
            {
                if (outcomes[i] == WriteOutcome.Written)
                {
                    lane.Free(changes[i].After);
                }
            }
        }

        private enum Limit
        {
            Kept,
            Exceeded,

            /// <summary>Others of this round want tickets for the same buyer; whether they get them decides.</summary>
            DependsOnThisRound,
        }
    }
}
