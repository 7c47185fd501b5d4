using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;

namespace TicketBooth.Dashboard.Tests.Maintenance;

internal sealed class RebuildTests(Provider provider) : MaintenanceFixture(provider)
{
    [Test]
    public async Task From_nothing_gives_the_rows_that_the_messages_gave()
    {
        var followed = Rows();
        foreach (var table in new[] { "Orders", "Payments", "Events", "Sales" })
        {
            Database.Sql($"DELETE FROM Dashboard{table}");
        }

        Assert.That(Rows(), Is.Empty);
        var run = await RunAsync(RunKind.Rebuild);

        Assert.That(Rows(), Is.EqualTo(followed));
        Assert.That((run.Done, run.Differences, run.EndedAt is not null), Is.EqualTo((10L, 0L, true)));
    }

    [Test]
    public async Task Repairs_whatever_is_wrong()
    {
        var right = Rows();
        foreach (var (what, sql, _) in Damages)
        {
            Damage(sql);
            await RunAsync(RunKind.Rebuild);

            Assert.That(Rows(), Is.EqualTo(right), what);
        }
    }

    [Test]
    public async Task While_selling_goes_on_leaves_true_figures()
    {
        var stop = new TaskCompletionSource();
        var selling = Task.WhenAll(Office.SellUntilAsync(stop.Task, MostOrders, EventIds), Office.SellUntilAsync(stop.Task, MostOrders, EventIds));
        try
        {
            for (var i = 0; Office.Sold < EnoughOrders && !selling.IsCompleted; i = (i + 5) % Damages.Length)
            {
                Damage(Damages[i].Sql);
                await RunAsync(RunKind.Rebuild);
            }

            // Nothing was wrong before this one: it must not make anything so.
            await RunAsync(RunKind.Rebuild);
        }
        finally
        {
            stop.SetResult();
        }

        await selling;
        var ledger = await Office.SettledAsync();
        var followed = Rows();
        await RunAsync(RunKind.Rebuild);

        Assert.That(followed, Is.EqualTo(Rows()), "as a replay without sales");
        Assert.That((await CompareAsync()).Lines, Is.Empty);
        Assert.That(
            Database.Sql("SELECT SUM(Revenue - Returned) FROM DashboardSales WHERE Span = 0 AND TierId = '00000000-0000-0000-0000-000000000000'"),
            Is.EqualTo(ledger.Orders.Where(order => order.Status == OrderStatus.Paid).Sum(order => order.Total)));
    }
}
