using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Refunds of one order, asked for on two hosts at the same time.</summary>
internal abstract class RefundRaceTests : TwoLanesTests
{
    private static readonly Actor Clerk = new(Guid.CreateVersion7(), "Ana");

    [Test]
    public async Task Never_give_back_more_than_was_paid()
    {
        var sale = await PublishAsync(10);
        for (var round = 0; round < 5; round++)
        {
            var order = await PaidAsync(sale, 1 + round);

            // A hundred and one refunds of a twentieth each.
            var outcomes = await Task.WhenAll(
                Enumerable.Range(0, 101).Select(i => Task.Run(() => RefundAsync(i % 2 == 0 ? Here : Elsewhere, order.Id, amount: order.Total / 20))));

            var after = (await Store.LoadAsync([order.Id])).Single();
            Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(20));
            Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => outcome.Error!.Code), Is.All.EqualTo("amount-over-rest"));
            Assert.That((after.Returned, after.Refunds.Count, after.Refunds.Sum(refund => refund.Amount)), Is.EqualTo((order.Total, 20, order.Total)));
            Assert.That(
                Store.Written.Where(write => write.Outcome == WriteOutcome.Written && write.Change.After.Id == order.Id)
                    .SelectMany(write => write.Change.Events.OfType<PartialRefundDue>()).Sum(due => due.Amount),
                Is.EqualTo(order.Total));
        }
    }

    [Test]
    public async Task Release_a_ticket_once_and_it_is_sold_again_once()
    {
        var sale = await PublishAsync(10);
        var order = await PaidAsync(sale, 7);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => Task.Run(() => RefundAsync(i % 2 == 0 ? Here : Elsewhere, order.Id, [order.Tickets[0].Id]))));
        var buyers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => Task.Run(() => (i % 2 == 0 ? Here : Elsewhere).RunAsync(Bench.Place(sale, [7]), CancellationToken.None))));

        Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(1));
        Assert.That(buyers.Count(outcome => outcome.IsSuccess), Is.EqualTo(1));
        Assert.That(await Store.CountClaimsAsync(), Is.EqualTo((0L, 0L, 1L)));
    }

    /// <summary>A lane whose decisions another host overtakes too often says that it is busy; then the same refund is asked for again.</summary>
    private static async Task<Result<Order>> RefundAsync(PurchaseLane lane, Guid orderId, IReadOnlyList<Guid>? tickets = null, long? amount = null)
    {
        var terms = new RefundTerms(Guid.CreateVersion7(), tickets, amount, null, "Why.", Clerk);
        while (true)
        {
            var outcome = await lane.RunAsync(new ChangeItem(orderId, inbox: null, (order, now) => RefundRules.Refund(order, terms, now)), CancellationToken.None);
            if (outcome.Error?.Code != "busy")
            {
                return outcome;
            }
        }
    }

    private async Task<Order> PaidAsync(EventOnSale sale, int number)
    {
        var placed = (await Here.RunAsync(Bench.Place(sale, [number]), CancellationToken.None)).Value;
        var payment = Bench.NewId();
        return (await Here.RunAsync(
            new ChangeItem(placed.Id, inbox: null, (order, now) => PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, now)),
            CancellationToken.None)).Value;
    }
}

[TestFixture]
internal sealed class SqliteRefundRaceTests : RefundRaceTests
{
    protected override TestedStore NewStore() => new SqliteUnderTest();
}

[TestFixture]
internal sealed class MongoRefundRaceTests : RefundRaceTests
{
    protected override TestedStore NewStore() => new MongoUnderTest();
}
