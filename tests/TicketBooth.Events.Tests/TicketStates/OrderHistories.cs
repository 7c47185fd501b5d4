using FsCheck;
using FsCheck.Fluent;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Tests.TicketStates;

/// <summary>What happened to the tickets of one event, as Booking would have it, and the order in which the messages about it arrive.</summary>
/// <param name="Shown">The event.</param>
/// <param name="Arrivals">The messages, shuffled, some of them more than once.</param>
/// <param name="States">What every ticket is in the end, by number.</param>
internal sealed record OrderHistory(Event Shown, IReadOnlyList<TicketUpdate> Arrivals, IReadOnlyDictionary<int, TicketState> States)
{
    public override string ToString() =>
        string.Join("; ", Arrivals.Select(arrival => FormattableString.Invariant(
            $"{arrival.OrderId.ToString()[^4..]} r{arrival.Revision} {arrival.State} [{string.Join(',', arrival.Tickets.Select(ticket => ticket.Number))}]")));
}

/// <summary>Makes random histories that keep promise I1: a ticket has one active order at most.</summary>
internal static class OrderHistories
{
    private const int Tickets = 6;

    public static Arbitrary<OrderHistory> OrderHistory() => Arb.From(
        from steps in Gen.ArrayOf(Gen.Choose(0, 999))
        from shuffle in Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), (steps.Length * 2) + 1)
        select Tell(steps, shuffle));

    private static OrderHistory Tell(int[] steps, int[] shuffle)
    {
        var shown = Sample.Published(Sample.Tier("Front", tickets: 2), Sample.Tier("Back", tickets: Tickets - 2));
        var orders = new List<Order>();
        var messages = new List<TicketUpdate>();
        for (var i = 0; i < steps.Length; i++)
        {
            if (Step(shown, orders, steps[i]) is { } order)
            {
                // Three steps a minute.
                var sale = Sample.Update(shown, order.Id, ++order.Revision, order.State, order.Numbers) with { At = Sample.Now.AddSeconds(20 * i) };
                messages.Add(sale);
            }
        }

        var states = Enumerable.Range(1, Tickets).ToDictionary(
            number => number, number => orders.SingleOrDefault(order => order.IsActive && order.Numbers.Contains(number))?.State ?? TicketState.Available);
        var arrivals = messages.Concat(messages.Where((_, i) => shuffle[i] % 3 == 0)).Zip(shuffle).OrderBy(pair => pair.Second).Select(pair => pair.First).ToList();
        return new OrderHistory(shown, arrivals, states);
    }

    /// <summary>The order that the step changes, or null when there is nothing for it to do.</summary>
    private static Order? Step(Event shown, List<Order> orders, int step)
    {
        var free = Enumerable.Range(1, Tickets).Where(number => !orders.Any(order => order.IsActive && order.Numbers.Contains(number))).ToList();
        if (step % 2 == 0)
        {
            if (free.Count == 0)
            {
                return null;
            }

            var placed = new Order(Sample.NewId(), [.. free.Skip(step / 2 % free.Count).Take(1 + (step % 3))]) { State = TicketState.OnPayment };
            orders.Add(placed);
            return placed;
        }

        if (orders.Count == 0)
        {
            return null;
        }

        var order = orders[step / 2 % orders.Count];
        if (order.IsActive)
        {
            // Paid or given back; a paid one is refunded.
            order.State = order.State == TicketState.OnPayment && step % 3 != 0 ? TicketState.Sold : TicketState.Available;
            return order;
        }

        // A late confirmation takes the tickets again when they are still free (I5).
        if (!order.Numbers.All(free.Contains))
        {
            return null;
        }

        order.State = TicketState.Sold;
        return order;
    }

    private sealed class Order(Guid id, int[] numbers)
    {
        public Guid Id => id;

        public int[] Numbers => numbers;

        public int Revision { get; set; }

        public TicketState State { get; set; }

        public bool IsActive => State != TicketState.Available;
    }
}
