using TicketBooth.Admissions.Domain;

namespace TicketBooth.Admissions.Tests.Domain;

public sealed class IssueRulesTests
{
    private static readonly Guid Show = Sample.NewEvent();

    private readonly Dictionary<(int, Guid), IssuedTicket> tickets = [];

    [SetUp]
    public void Clear() => tickets.Clear();

    [Test]
    public void A_paid_order_has_a_first_generation_of_each_ticket()
    {
        var order = Guid.CreateVersion7();

        Apply(Sample.Paid(Show, order, 2, 4, 5));

        Assert.That(tickets.Values.Select(ticket => (ticket.Number, ticket.Generation, ticket.IsActive)), Is.EquivalentTo([(4, 1, true), (5, 1, true)]));
    }

    [Test]
    public void A_ticket_that_is_sold_again_has_the_next_generation()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        Apply(Sample.Paid(Show, first, 2, 4), Sample.Refunded(Show, first, 3, 4), Sample.Paid(Show, second, 2, 4));

        Assert.That(IssueRules.Live(tickets.Values), Is.EqualTo(tickets[(4, second)]));
        Assert.That(tickets[(4, second)].Generation, Is.EqualTo(2));
    }

    [Test]
    public void A_refund_that_comes_late_takes_nothing_from_the_next_buyer()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        Apply(Sample.Paid(Show, first, 2, 4), Sample.Paid(Show, second, 2, 4), Sample.Refunded(Show, first, 3, 4));

        Assert.That(IssueRules.Live(tickets.Values)?.OrderId, Is.EqualTo(second));
    }

    [Test]
    public void A_message_that_comes_twice_or_late_changes_nothing()
    {
        var order = Guid.CreateVersion7();
        Apply(Sample.Paid(Show, order, 2, 4), Sample.Refunded(Show, order, 3, 4));
        var before = tickets.ToDictionary();

        Apply(Sample.Paid(Show, order, 2, 4), Sample.Refunded(Show, order, 3, 4));

        Assert.That(tickets, Is.EquivalentTo(before));
        Assert.That(IssueRules.Live(tickets.Values), Is.Null);
    }

    [Test]
    public void A_ticket_that_is_kept_keeps_its_code()
    {
        var order = Guid.CreateVersion7();
        Apply(Sample.Paid(Show, order, 2, 4, 5));
        tickets[(5, order)] = tickets[(5, order)] with { Code = "code" };
        var partly = Sample.Paid(Show, order, 3, 4, 5);

        Apply(partly with { Tickets = [partly.Tickets[0] with { IsReleased = true }, partly.Tickets[1]] });

        Assert.That((tickets[(4, order)].IsActive, tickets[(5, order)].IsActive, tickets[(5, order)].Code), Is.EqualTo((false, true, "code")));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public bool Messages_in_any_order_end_in_one_live_code_of_what_is_paid(int seed)
    {
        // Three orders have the ticket one after the other; all but the last are refunded.
        var random = new Random(seed);
        var orders = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToList();
        var waiting = orders
            .ConvertAll(order => new Queue<OrderTickets>(
                order == orders[^1] ? [Sample.Paid(Show, order, 2, 7)] : [Sample.Paid(Show, order, 2, 7), Sample.Refunded(Show, order, 3, 7)]));
        var held = new Dictionary<(int, Guid), IssuedTicket>();
        while (waiting.Exists(messages => messages.Count > 0))
        {
            // Each order's own messages keep their order; any may come twice.
            var next = waiting[random.Next(waiting.Count)];
            if (next.Count > 0)
            {
                Apply(held, random.Next(3) == 0 ? next.Peek() : next.Dequeue());
            }
        }

        return IssueRules.Live(held.Values)?.OrderId == orders[^1] && held.Values.Select(ticket => ticket.Generation).Distinct().Count() == held.Count;
    }

    private void Apply(params OrderTickets[] changes)
    {
        foreach (var change in changes)
        {
            Apply(tickets, change);
        }
    }

    private static void Apply(Dictionary<(int, Guid), IssuedTicket> held, OrderTickets change)
    {
        foreach (var ticket in IssueRules.Apply(held.Values, change))
        {
            held[(ticket.Number, ticket.OrderId)] = ticket;
        }
    }
}
