using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Counter;

/// <summary>
/// The arithmetic of a shift, compared with a drawer and a terminal that a test counts naively, over random days: sales, voids, refunds, money owed and
/// paid back, pay-ins and drops, by two clerks.
/// </summary>
[TestFixture]
internal sealed class ShiftRulesProperties
{
    private static readonly DateTimeOffset Now = SampleOrder.Now;
    private static readonly Actor Ana = new(SampleOrder.NewId(), "Ana");
    private static readonly Actor Rui = new(SampleOrder.NewId(), "Rui");

    [FsCheck.NUnit.Property(MaxTest = 400)]
    public void What_is_expected_is_what_a_drawer_would_hold(int seed)
    {
        var day = new Day(new Random(seed));
        for (var i = 0; i < 60; i++)
        {
            day.Go();
        }

        foreach (var (shift, drawer, terminal) in day.Shifts)
        {
            var entries = ShiftRules.EntriesOf(shift, day.Orders);
            var sums = ShiftRules.SumsOf(shift, entries);
            Assert.That(ShiftRules.Expected(shift, sums), Is.EqualTo(drawer), $"seed {seed}");
            Assert.That(sums.CardSales - sums.CardBack, Is.EqualTo(terminal), $"seed {seed}");
            Assert.That(ShiftRules.LinesOf(shift, entries).Where(line => line.Method is null or CounterMethod.Cash).Sum(line => line.Amount) + shift.Float, Is.EqualTo(drawer));
            Assert.That(new[] { sums.CashBack, sums.CardBack, sums.Drops, sums.PayIns }, Is.All.GreaterThanOrEqualTo(0));
            var closed = shift with { Close = new ShiftClose(Now, drawer - 100, drawer, null, Ana) };
            Assert.That(ShiftRules.ViewOf(closed, entries).Difference, Is.EqualTo(-100));
        }

        foreach (var order in day.Orders)
        {
            var settled = order.Refunds.Where(refund => refund.Status == OrderRefundStatus.Settled).Sum(refund => refund.Amount);
            Assert.That(order.Counter!.Entries.Sum(entry => entry.Amount), Is.EqualTo(order.Total - settled), "no cent is in no shift");
            Assert.That(order.Returned, Is.EqualTo(settled + order.OwedAtCounter).And.LessThanOrEqualTo(order.Total));
        }
    }

    private sealed class Day(Random random)
    {
        private readonly Shift[] shifts = [new(SampleOrder.NewId(), Ana, "BRL", 20_000, Now), new(SampleOrder.NewId(), Rui, "BRL", 0, Now)];
        private readonly long[] drawers = [20_000, 0];
        private readonly long[] terminals = [0, 0];
        private int tickets;

        public List<Order> Orders { get; } = [];

        public IEnumerable<(Shift Shift, long Drawer, long Terminal)> Shifts => shifts.Zip(drawers, terminals);

        public void Go()
        {
            var at = random.Next(2);
            switch (random.Next(7))
            {
                case 0 or 1:
                    Sell(at);
                    break;
                case 2:
                    Move(at);
                    break;
                case 3:
                    Change(order => CounterRules.Void(order, TermsOf(order, ShiftEntryKind.Void, order.Counter!.ShiftId), "Wrong day.", Now));
                    break;
                case 4:
                    Change(order => OrderRules.Cancel(order, buyerId: null, default, "event-canceled", Now));
                    break;
                case 5:
                    Change(order => CounterRules.PayOwed(order, TermsOf(order, ShiftEntryKind.Refund, shifts[at].Id), Now));
                    break;
                default:
                    Change(order => Refund(order, TermsOf(order, ShiftEntryKind.Refund, shifts[at].Id)));
                    break;
            }
        }

        private Result<OrderChange> Refund(Order order, PayBack terms)
        {
            var amount = random.NextInt64(1, 8_000);
            return CounterRules.Pay(RefundRules.Refund(order, new RefundTerms(terms.Id, null, amount, null, "Why.", terms.By), Now), terms, Now);
        }

        private static PayBack TermsOf(Order order, ShiftEntryKind kind, Guid? shift) =>
            new(SampleOrder.NewId(), shift, kind, "Why.", "R-1", order.Counter!.Clerk, IsAdmin: false) { NotAfter = Now };

        private void Sell(int at)
        {
            var placed = SampleOrder.Place([.. Enumerable.Range(1, random.Next(1, 4)).Select(_ => ++tickets)]);
            var method = random.Next(2) == 0 ? CounterMethod.Cash : CounterMethod.CardTerminal;
            var sale = new CounterSale(method, shifts[at].Clerk, Now.AddMinutes(15));
            Orders.Add(CounterRules.Sell(placed, new CounterTerms(sale, shifts[at].Id, Now), Now).Value.After);
            Announce(at, placed.After.Id, placed.After.Id);
            Count(at, method, placed.After.Total);
        }

        private void Move(int at)
        {
            var amount = random.NextInt64(-5_000, 5_001);
            if (amount != 0)
            {
                shifts[at] = shifts[at] with { Moves = [.. shifts[at].Moves, new CashMove(SampleOrder.NewId(), amount, "Why.", shifts[at].Clerk, Now)] };
                drawers[at] += amount;
            }
        }

        /// <summary>What an order's change gives out, counted by its entry's shift.</summary>
        private void Change(Func<Order, Result<OrderChange>> decide)
        {
            if (Orders.Count == 0)
            {
                return;
            }

            var i = random.Next(Orders.Count);
            var before = Orders[i];
            if (decide(before) is not { IsSuccess: true, Value.After: var after })
            {
                return;
            }

            Orders[i] = after;
            var paid = Settled(after) - Settled(before);
            if (after.Counter!.Entries.Count > before.Counter!.Entries.Count)
            {
                var at = Array.FindIndex(shifts, shift => shift.Id == after.Counter.Entries[^1].ShiftId);
                Announce(at, after.Counter.Entries[^1].Id, after.Id);
                Count(at, after.Counter.Method, -paid);
            }
            else
            {
                Assert.That(paid, Is.Zero);
            }
        }

        private void Announce(int at, Guid entry, Guid order) =>
            shifts[at] = shifts[at] with { Announced = [.. shifts[at].Announced, new AnnouncedEntry(entry, order, Now)] };

        private void Count(int at, CounterMethod method, long amount) => (method == CounterMethod.Cash ? drawers : terminals)[at] += amount;

        private static long Settled(Order order) => order.Refunds.Where(refund => refund.Status == OrderRefundStatus.Settled).Sum(refund => refund.Amount);
    }
}
