using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage.Mongo;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>What a round decides; that rounds see each other is the transaction's part.</summary>
[TestFixture]
internal sealed class TicketUpdateBatchTests
{
    private static readonly Event Shown = Sample.Published(Sample.Tier("Front", tickets: 2), Sample.Tier("Back", tickets: 4));
    private static readonly HashSet<Guid> Tiers = [.. Shown.Tiers.Select(tier => tier.Id)];

    [Test]
    public void Counts_each_tier_and_writes_each_order_once()
    {
        var (one, two) = (Sample.NewId(), Sample.NewId());
        var round = new TicketUpdateBatch(Tiers, []);

        Assert.That(round.Apply(Sample.Update(Shown, one, 1, TicketState.OnPayment, 1, 3)), Is.True);
        Assert.That(round.Apply(Sample.Update(Shown, two, 1, TicketState.OnPayment, 2)), Is.True);
        Assert.That(round.Apply(Sample.Update(Shown, one, 2, TicketState.Sold, 1, 3)), Is.True);
        Assert.That(round.Apply(Sample.Update(Shown, one, 1, TicketState.OnPayment, 1, 3)), Is.False, "older than what came just before");

        Assert.That(round.Counts, Is.EquivalentTo(new[] { (Shown.Tiers[0].Id, 1, 1), (Shown.Tiers[1].Id, 0, 1) }));
        Assert.That(round.Written.Select(sale => (sale.OrderId, sale.Revision, sale.State)), Is.EquivalentTo(new[] { (one, 2, TicketState.Sold), (two, 1, TicketState.OnPayment) }));
    }

    [Test]
    public void A_ticket_that_another_order_stands_on_is_not_counted_again()
    {
        var round = new TicketUpdateBatch(Tiers, [new StoredOrder(Sample.NewId(), 2, TicketState.Sold, [1])]);

        Assert.That(round.Apply(Sample.Update(Shown, Sample.NewId(), 1, TicketState.OnPayment, 1)), Is.True);

        Assert.That(round.Counts, Is.Empty);
    }

    [Test]
    public void A_sale_that_is_refused_changes_nothing_of_the_others_in_its_round()
    {
        var good = Sample.Update(Shown, Sample.NewId(), 1, TicketState.OnPayment, 1);
        var strange = Sample.Update(Shown, Sample.NewId(), 1, TicketState.OnPayment, 2);
        var round = new TicketUpdateBatch(Tiers, []);

        round.Apply(good);
        Assert.That(() => round.Apply(strange with { Tickets = [strange.Tickets[0] with { TierId = Sample.NewId() }] }), Throws.InvalidOperationException);

        Assert.That(round.Written.Select(sale => sale.OrderId), Is.EqualTo(new[] { good.OrderId }));
        Assert.That(round.Counts, Is.EqualTo(new[] { (Shown.Tiers[0].Id, 1, 0) }));
    }

    [Test]
    public void Rounds_that_do_not_see_each_other_would_count_a_sale_twice()
    {
        // Why a round is one transaction with what it has read.
        var sale = Sample.Update(Shown, Sample.NewId(), 1, TicketState.OnPayment, 1);
        var (one, other) = (new TicketUpdateBatch(Tiers, []), new TicketUpdateBatch(Tiers, []));

        one.Apply(sale);
        other.Apply(sale);

        Assert.That(one.Counts.Concat(other.Counts).Sum(tier => tier.Held), Is.EqualTo(2));
        var after = new TicketUpdateBatch(Tiers, [.. one.Written]);
        Assert.That((after.Apply(sale), after.Counts.Count()), Is.EqualTo((false, 0)));
    }
}
