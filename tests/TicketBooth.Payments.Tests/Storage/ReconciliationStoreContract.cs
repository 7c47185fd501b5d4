using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Tests.Storage;

/// <summary>What every <see cref="IReconciliationStore"/> must do, whatever it is made of.</summary>
internal abstract class ReconciliationStoreContract
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 5, 0, 0, TimeSpan.Zero);

    protected abstract IReconciliationStore Store { get; }

    /// <summary>The same data as another host has it open.</summary>
    protected abstract IReconciliationStore OpenAnother();

    /// <summary>Takes away the index that gives a day's outcome once.</summary>
    protected abstract Task DropGuardAsync();

    [Test]
    public async Task Gives_back_an_outcome_as_it_was_kept()
    {
        var report = Report(0);

        var added = await Store.AddAsync(report, due: null);
        var found = await OpenAnother().FindAsync(report.Summary.Id);

        Assert.That(added, Is.True);
        Assert.That(Json(found!), Is.EqualTo(Json(report)));
        Assert.That(found!.Summary.IsEqual, Is.False);
        Assert.That((await Store.ListAsync(10)).Select(one => one.Id), Is.EqualTo(new[] { report.Summary.Id }));
        Assert.That((await Store.FindAsync(Guid.CreateVersion7(Now)), await Store.LastDueAsync()), Is.EqualTo(((ReconciliationReport?)null, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task Of_hosts_that_store_the_same_daily_outcome_at_once_one_does()
    {
        IReconciliationStore[] hosts = [Store, OpenAnother()];

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => hosts[i % 2].AddAsync(Report(i), Now))));

        Assert.That(added.Count(one => one), Is.EqualTo(1));
        Assert.That(await Store.ListAsync(30), Has.Count.EqualTo(1));
        Assert.That(await Store.LastDueAsync(), Is.EqualTo(Now));
        Assert.That(await Store.AddAsync(Report(30), Now.AddDays(1)), Is.True, "the next day's");
        Assert.That(await Store.AddAsync(Report(31), due: null), Is.True, "one that somebody asked for");
        Assert.That(await Store.LastDueAsync(), Is.EqualTo(Now.AddDays(1)));
    }

    [Test]
    public async Task Without_the_index_every_host_stores_its_own()
    {
        await DropGuardAsync();
        IReconciliationStore[] hosts = [Store, OpenAnother()];

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => hosts[i % 2].AddAsync(Report(i), Now))));

        Assert.That(added, Is.All.True, "nothing else decides the race");
    }

    [Test]
    public async Task Keeps_the_last_hundred()
    {
        var reports = Enumerable.Range(0, 103).Select(Report).ToList();
        foreach (var report in reports)
        {
            await Store.AddAsync(report, Now.AddDays(reports.IndexOf(report)));
        }

        Assert.That((await Store.ListAsync(200)).Select(one => one.Id), Is.EqualTo(reports.Skip(3).Reverse().Select(one => one.Summary.Id)));
        Assert.That(await Store.FindAsync(reports[2].Summary.Id), Is.Null);
    }

    private static string Json(ReconciliationReport report) => System.Text.Json.JsonSerializer.Serialize(report);

    private static ReconciliationReport Report(int minute)
    {
        var at = Now.AddMinutes(minute);
        return new(
            new ReconciliationSummary(
                Guid.CreateVersion7(at), Now.AddDays(-2), Now, at, at.AddSeconds(3), "Anna", 1,
                [new ReconciledGateway("Sandbox", "It did not answer.", 2, [new ReconciledSum(MoneyMovement.Refund, "BRL", 1, 2, 3, 4)])]),
            [
                new ReconciliationDifference(
                    "Sandbox", ReconciliationDifferenceKind.OtherAmount, MoneyMovement.Capture, "ch-1", "ext-1", Guid.CreateVersion7(at), Guid.CreateVersion7(at),
                    new ReconciledAmount(1, "BRL"), new ReconciledAmount(2, "USD"), at, ReconciliationNote.PaidBackByHand),
                new ReconciliationDifference(
                    "Sandbox", ReconciliationDifferenceKind.TheirsOnly, MoneyMovement.Capture, "ch-2", null, null, null, new ReconciledAmount(1, "BRL"), null, at, ReconciliationNote.None),
            ]);
    }
}
