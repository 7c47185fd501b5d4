using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>A buyer changes the method of payment on several pages at once: of the attempts that want to take the place of the ended one, one does.</summary>
internal abstract class InsteadOfRaceTests : TwoLanesTests
{
    private const int Pages = 40;

    [Test]
    public async Task One_attempt_takes_the_place_of_the_ended_one()
    {
        var (order, ended) = await BeganAsync();

        var outcomes = await RaceAsync(order, _ => ended);

        var after = (await Store.LoadAsync([order.Id])).Single();
        Assert.That(outcomes.Count(outcome => outcome.Result.IsSuccess), Is.EqualTo(1));
        Assert.That(after.PaymentId, Is.EqualTo(outcomes.Single(outcome => outcome.Result.IsSuccess).Payment));
        Assert.That(outcomes.Where(outcome => !outcome.Result.IsSuccess).Select(outcome => outcome.Result.Error!.Code), Is.All.EqualTo("payment-in-progress"));
    }

    [Test]
    public async Task Without_the_name_of_the_ended_one_each_takes_the_place_of_the_last()
    {
        var (order, _) = await BeganAsync();

        var outcomes = await RaceAsync(order, known => known.PaymentId!.Value);

        Assert.That(outcomes.Select(outcome => outcome.Result.IsSuccess), Is.All.True, "nothing else decides the race");
    }

    private async Task<(Guid Payment, Result<Order> Result)[]> RaceAsync(Order order, Func<Order, Guid> insteadOf) =>
        await Task.WhenAll(
            Enumerable.Range(0, Pages).Select(i => Task.Run(async () =>
            {
                var payment = Bench.NewId();
                while (true)
                {
                    var result = await (i % 2 == 0 ? Here : Elsewhere).RunAsync(
                        new ChangeItem(order.Id, inbox: null, (known, now) =>
                            PaymentRules.Begin(known, order.BuyerId, payment, now, SampleOrder.Hold, SampleOrder.PaymentTime, insteadOf(known))),
                        CancellationToken.None);

                    // A lane whose decisions another host overtakes too often says that it is busy.
                    if (result.Error?.Code != "busy")
                    {
                        return (payment, result);
                    }
                }
            })));

    private async Task<(Order Order, Guid Payment)> BeganAsync()
    {
        var sale = await PublishAsync(10);
        var placed = (await Here.RunAsync(Bench.Place(sale, [1]), CancellationToken.None)).Value;
        var payment = Bench.NewId();
        var began = await Here.RunAsync(
            new ChangeItem(placed.Id, inbox: null, (order, now) => PaymentRules.Begin(order, order.BuyerId, payment, now, SampleOrder.Hold, SampleOrder.PaymentTime)),
            CancellationToken.None);
        return (began.Value, payment);
    }
}

[TestFixture]
internal sealed class SqliteInsteadOfRaceTests : InsteadOfRaceTests
{
    protected override TestedStore NewStore() => new SqliteUnderTest();
}

[TestFixture]
internal sealed class MongoInsteadOfRaceTests : InsteadOfRaceTests
{
    protected override TestedStore NewStore() => new MongoUnderTest();
}
