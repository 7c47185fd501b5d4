using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;

namespace TicketBooth.Dashboard.Tests.Maintenance;

/// <summary>What the read model does not keep for ever.</summary>
internal sealed class ForgettingTests(Provider provider) : MaintenanceFixture(provider)
{
    private static readonly TimeSpan Later = ForgetMinutesWorker.Kept + TimeSpan.FromDays(1);

    [Test]
    public async Task Minutes_of_long_ago_are_forgotten_and_no_comparison_misses_them()
    {
        await ForgetAsync(new HurriedClock(ForgetMinutesWorker.Kept - TimeSpan.FromHours(1)));
        var kept = Count("Span = 2");
        var rest = Count("Span <> 2");

        await ForgetAsync(new HurriedClock(Later));
        var left = Count("Span = 2");
        var compared = await CompareAsync(new HurriedClock(Later));
        Damage("UPDATE DashboardSales SET Revenue = Revenue + 1 WHERE Span = 1");
        var damaged = await CompareAsync(new HurriedClock(Later));

        Assert.Multiple(() =>
        {
            Assert.That(kept, Is.Positive, "before their time");
            Assert.That(left, Is.Zero);
            Assert.That(Count("Span <> 2"), Is.EqualTo(rest), "days and sums of all time stay");
            Assert.That(compared.Lines, Is.Empty);
            Assert.That(damaged.Lines, Has.Some.Contains("sales of event"), "what is kept is still compared");
        });
    }

    [Test]
    public async Task A_minute_that_is_kept_is_compared()
    {
        Damage("DELETE FROM DashboardSales WHERE Span = 2");

        Assert.That((await CompareAsync(new HurriedClock())).Lines, Has.Some.Contains("Minute"));
    }

    [Test]
    public async Task A_rebuild_brings_back_no_minute_for_long()
    {
        await ForgetAsync(new HurriedClock(Later));
        await RunAsync(RunKind.Rebuild);

        await ForgetAsync(new HurriedClock(Later));

        Assert.That(Count("Span = 2"), Is.Zero);
        Assert.That((await CompareAsync(new HurriedClock(Later))).Lines, Is.Empty);
    }

    [Test]
    public async Task Runs_of_long_ago_go_when_another_one_of_their_kind_begins()
    {
        var at = (DateTimeOffset.UtcNow - RunRecords.Kept - TimeSpan.FromDays(1)).UtcTicks;
        await RunAsync(RunKind.Rebuild);
        await RunAsync(RunKind.Reconciliation);
        Database.Sql($"UPDATE DashboardRuns SET StartedAt = {at}");

        await RunAsync(RunKind.Reconciliation);

        Assert.That(
            (Runs(RunKind.Rebuild, $"= {at}"), Runs(RunKind.Reconciliation, $"= {at}"), Runs(RunKind.Reconciliation, $"> {at}")),
            Is.EqualTo((1L, 0L, 1L)));
    }

    private long Count(string where) => Database.Sql($"SELECT COUNT(*) FROM DashboardSales WHERE {where}");

    private long Runs(RunKind kind, string startedAt) =>
        Database.Sql($"SELECT COUNT(*) FROM DashboardRuns WHERE Kind = {(int)kind} AND StartedAt {startedAt}");

    private async Task ForgetAsync(TimeProvider clock)
    {
        var services = Host.App.Services;
        var work = new WorkServices(
            clock,
            services.GetRequiredService<ILeases>(),
            services.GetRequiredService<WorkHealth>(),
            services.GetRequiredService<WorkMetrics>(),
            services.GetRequiredService<ILoggerFactory>());
        await new ForgetMinutesWorker(services.GetRequiredService<IServiceScopeFactory>(), work).RunOnceAsync(CancellationToken.None);
    }

    private async Task<Findings> CompareAsync(TimeProvider clock)
    {
        await using var scope = Host.App.Services.CreateAsyncScope();
        return await ActivatorUtilities.CreateInstance<Reconciliation>(scope.ServiceProvider, clock)
            .RunAsync(_ => Task.CompletedTask, CancellationToken.None);
    }
}
