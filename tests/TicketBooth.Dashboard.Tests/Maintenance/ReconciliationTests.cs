using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;

namespace TicketBooth.Dashboard.Tests.Maintenance;

internal sealed class ReconciliationTests(Provider provider) : MaintenanceFixture(provider)
{
    [Test]
    public async Task Finds_each_kind_of_difference()
    {
        Assert.That((await CompareAsync()).Lines, Is.Empty, "before any damage");
        foreach (var (what, sql, found) in Damages)
        {
            Damage(sql);
            var findings = await CompareAsync();

            Assert.That(findings.Lines, Has.Some.Contains(found), what);
            Assert.That(findings.Count, Is.GreaterThanOrEqualTo(findings.Lines.Count), what);
            await RunAsync(RunKind.Rebuild);
        }
    }

    [Test]
    public async Task Finds_none_on_a_healthy_store_while_selling_goes_on()
    {
        var stop = new TaskCompletionSource();
        var selling = Task.WhenAll(Office.SellUntilAsync(stop.Task, MostOrders, EventIds), Office.SellUntilAsync(stop.Task, MostOrders, EventIds));
        try
        {
            while (Office.Sold < EnoughOrders && !selling.IsCompleted)
            {
                Assert.That((await CompareAsync()).Lines, Is.Empty);
            }
        }
        finally
        {
            stop.SetResult();
        }

        await selling;
    }

    [Test]
    public async Task Its_outcome_needs_attention_until_the_next_finds_nothing()
    {
        Damage("UPDATE DashboardSales SET Revenue = Revenue + 1 WHERE Span = 1");

        var run = await RunAsync(RunKind.Reconciliation);
        var wrong = (await Office.Admin.GetAsync("/api/v1/dashboard/summary"))["attention"]!["differences"];
        await RunAsync(RunKind.Rebuild);
        await RunAsync(RunKind.Reconciliation);
        var right = (await Office.Admin.GetAsync("/api/v1/dashboard/summary"))["attention"]!["differences"];

        Assert.That(run.Differences, Is.GreaterThan(0));
        Assert.That(run.Report, Does.Contain("sales of event"));
        Assert.That(((long?)wrong, (long?)right), Is.EqualTo((run.Differences, 0L)));
    }
}
