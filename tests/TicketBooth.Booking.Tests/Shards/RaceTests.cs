using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Promise I1: two hundred buyers, one ticket. The last test shows that the race can be lost, and so that the others prove something.</summary>
internal sealed class RaceTests
{
    private const int Buyers = 200;

    [TestCase(1)]
    [TestCase(2)]
    public async Task Of_two_hundred_buyers_of_one_ticket_one_wins(int lanes)
    {
        await using var bench = await BookingBench.OpenAsync();

        var outcomes = await RaceAsync(bench, lanes);

        Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(1));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => outcome.Error), Is.All.EqualTo(BookingErrors.TicketTaken));
    }

    [Test]
    public async Task Of_two_hundred_buyers_of_the_best_ticket_one_wins()
    {
        await using var bench = await BookingBench.OpenAsync();
        var sale = bench.Events.Publish(1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Buyers).Select(_ => Task.Run(() => bench.OrderBestAsync(sale))));

        Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(1));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => outcome.Error), Is.All.EqualTo(BookingErrors.NotEnoughTickets));
    }

    [Test]
    public async Task The_race_sells_twice_when_the_unique_index_is_gone()
    {
        var folder = BookingBench.NewFolder();
        await using (var before = await BookingBench.OpenAsync(folder))
        {
            // Opening the shard makes its file.
            await before.ShardOfAsync(before.Events.Publish(1));
        }

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, SqliteStores.NameOf(1))}.db;Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE claims; CREATE TABLE claims(ticket_id BLOB NOT NULL, order_id BLOB NOT NULL);";
            await command.ExecuteNonQueryAsync();
        }

        await using (var bench = await BookingBench.OpenAsync(folder))
        {
            var outcomes = await RaceAsync(bench, lanes: 2);

            Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.GreaterThan(1));
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>All buyers at once want ticket 1, through one lane or, as with two hosts, through two over the same store.</summary>
    private static async Task<Result<Order>[]> RaceAsync(BookingBench bench, int lanes)
    {
        var sale = await bench.OnSaleAsync(bench.Events.Publish(1));
        var shard = await bench.Shards.OfAsync(sale.Shard);
        await using var second = new PurchaseLane(shard.Store, bench.Catalog, bench.Options, new SalesActivity(bench.Clock), bench.Get<LaneMetrics>(), bench.Clock, NullLogger.Instance);
        PurchaseLane[] all = [shard.Lane, second];
        return await Task.WhenAll(Enumerable.Range(0, Buyers).Select(i => Task.Run(() => all[i % lanes].TryAsync(bench.Place(sale, [1])))));
    }
}
