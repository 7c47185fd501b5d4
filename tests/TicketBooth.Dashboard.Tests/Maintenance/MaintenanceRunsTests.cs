using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.Maintenance;

internal sealed class MaintenanceRunsTests(Provider provider) : DashboardFixture(provider)
{
    [Test]
    public async Task Runs_one_at_a_time()
    {
        var work = new HeldWork();
        await using var host = await StartHostAsync(services => services.RemoveAll<IMaintenanceTask>().AddSingleton<IMaintenanceTask>(work), ("Modules", "Dashboard"));
        var runs = host.App.Services.GetRequiredService<MaintenanceRuns>();

        var first = await runs.StartAsync(RunKind.Rebuild, CancellationToken.None);
        var second = await runs.StartAsync(RunKind.Rebuild, CancellationToken.None);
        var waiting = runs.RunAsync(RunKind.Rebuild, CancellationToken.None);
        await work.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That(second.Error?.Code, Is.EqualTo("upkeep-under-way"));
        Assert.That(waiting.IsCompleted, Is.False);
        work.End.SetResult();
        await waiting.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That(work.Most, Is.EqualTo(1));
        Assert.That(Database.Sql($"SELECT COUNT(*) FROM DashboardRuns WHERE EndedAt IS NOT NULL AND Differences = 7 AND Report = 'seven'"), Is.EqualTo(2));
        Assert.That(Database.Sql($"SELECT COUNT(*) FROM DashboardRuns WHERE Id = '{(Provider == Provider.Sqlite ? first.Value.ToString().ToUpperInvariant() : first.Value)}'"), Is.EqualTo(1));
        Assert.That((await runs.StartAsync(RunKind.Rebuild, CancellationToken.None)).IsSuccess, Is.True);
    }

    [Test]
    public async Task A_run_that_its_host_does_not_see_to_the_end_says_so_before_the_host_is_gone()
    {
        var work = new HeldWork();
        await using (var host = await StartHostAsync(services => services.RemoveAll<IMaintenanceTask>().AddSingleton<IMaintenanceTask>(work), ("Modules", "Dashboard")))
        {
            Assert.That((await host.App.Services.GetRequiredService<MaintenanceRuns>().StartAsync(RunKind.Rebuild, CancellationToken.None)).IsSuccess, Is.True);
            await work.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }

        Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardRuns WHERE EndedAt IS NOT NULL AND Report LIKE 'It failed:%'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_of_its_own_that_a_host_does_not_see_to_the_end_leaves_nothing()
    {
        var work = new HeldWork { IsRoutine = true };
        await using (var host = await StartHostAsync(services => services.RemoveAll<IMaintenanceTask>().AddSingleton<IMaintenanceTask>(work), ("Modules", "Dashboard")))
        {
            Assert.That((await host.App.Services.GetRequiredService<MaintenanceRuns>().StartRoutineAsync(RunKind.Rebuild, CancellationToken.None)).IsSuccess, Is.True);
            await work.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
            Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardRuns"), Is.EqualTo(1));
        }

        Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardRuns"), Is.Zero);
    }

    [Test]
    public async Task Another_hosts_run_is_under_way_too()
    {
        var work = new HeldWork();
        work.End.SetResult();
        var leases = new OthersLease();
        await using var host = await StartHostAsync(
            services => services.RemoveAll<IMaintenanceTask>().AddSingleton<IMaintenanceTask>(work).Replace(ServiceDescriptor.Singleton<ILeases>(leases)), ("Modules", "Dashboard"));
        var runs = host.App.Services.GetRequiredService<MaintenanceRuns>();

        var refused = await runs.StartAsync(RunKind.Rebuild, CancellationToken.None);
        var waiting = runs.RunAsync(RunKind.Rebuild, CancellationToken.None);

        Assert.That(refused.Error?.Code, Is.EqualTo("upkeep-under-way"));
        Assert.That(work.Most, Is.Zero);
        leases.IsFree = true;
        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.That(work.Most, Is.EqualTo(1));
    }

    [Test]
    public async Task A_failure_is_kept_and_does_not_keep_the_place()
    {
        await using var host = await StartHostAsync(services => services.RemoveAll<IMaintenanceTask>().AddTransient<IMaintenanceTask, FailingWork>(), ("Modules", "Dashboard"));
        var runs = host.App.Services.GetRequiredService<MaintenanceRuns>();

        Assert.That(() => runs.RunAsync(RunKind.Rebuild, CancellationToken.None), Throws.InvalidOperationException.With.Message.EqualTo("no luck"));
        Assert.That((await runs.StartAsync(RunKind.Rebuild, CancellationToken.None)).IsSuccess, Is.True);
        await Eventually.Async(
            () => Task.FromResult(Database.Sql("SELECT COUNT(*) FROM DashboardRuns WHERE EndedAt IS NOT NULL AND Differences = 1 AND Report LIKE '%no luck%'")),
            failed => failed == 2,
            "both failures to be kept");
    }

    [Test]
    public async Task A_run_keeps_its_lease_through_a_long_step_and_gives_it_back_at_its_end()
    {
        var work = new HeldWork();
        var lease = new WatchedLease();
        await using var host = await StartHostAsync(services => services.RemoveAll<IMaintenanceTask>().AddSingleton<IMaintenanceTask>(work), ("Modules", "Dashboard"));
        using var runs = ActivatorUtilities.CreateInstance<MaintenanceRuns>(host.App.Services, lease, new HurriedClock());

        var run = runs.RunAsync(RunKind.Rebuild, CancellationToken.None);
        await work.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await Eventually.Async(() => Task.FromResult(lease.Renewals), renewals => renewals >= 3, "the lease to be renewed without any progress");
        Assert.That(lease.IsHeld, Is.True);
        work.End.SetResult();
        await run.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That(lease.IsHeld, Is.False, "another host need not wait until the lease has run out");
    }

    [Test]
    public async Task A_run_that_lost_its_lease_stops_and_says_so()
    {
        var work = new HeldWork();
        var lease = new WatchedLease();
        await using var host = await StartHostAsync(services => services.RemoveAll<IMaintenanceTask>().AddSingleton<IMaintenanceTask>(work), ("Modules", "Dashboard"));
        using var runs = ActivatorUtilities.CreateInstance<MaintenanceRuns>(host.App.Services, lease, new HurriedClock());

        var run = runs.RunAsync(RunKind.Rebuild, CancellationToken.None);
        await work.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        lease.IsTaken = true;

        Assert.That(() => run.WaitAsync(TimeSpan.FromMinutes(1)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardRuns WHERE EndedAt IS NOT NULL AND Report LIKE 'It failed:%lease%'"), Is.EqualTo(1));
        lease.IsTaken = false;
        Assert.That((await runs.StartAsync(RunKind.Rebuild, CancellationToken.None)).IsSuccess, Is.True, "the next run has its turn");
        work.End.SetResult();
        await runs.StopAsync(CancellationToken.None);
    }

    private sealed class HeldWork : IMaintenanceTask
    {
        private int now;

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new();

        public int Most { get; private set; }

        public RunKind Kind => RunKind.Rebuild;

        public bool IsRoutine { get; init; }

        public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
        {
            Most = Math.Max(Most, Interlocked.Increment(ref now));
            Begun.TrySetResult();
            await End.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref now);
            return new Findings(3, 7, ["seven"]);
        }
    }

    private sealed class FailingWork : IMaintenanceTask
    {
        public RunKind Kind => RunKind.Rebuild;

        public Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken) => throw new InvalidOperationException("no luck");
    }

    /// <summary>The lease of this test's runs; all others are free.</summary>
    private sealed class WatchedLease : ILeases
    {
        public volatile bool IsTaken;
        public volatile bool IsHeld;
        private int holds;

        public int Renewals => Volatile.Read(ref holds) - 1;

        public bool Several => true;

        public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref holds);
            IsHeld = !IsTaken;
            return Task.FromResult(IsHeld);
        }

        public Task ReleaseAsync(string work, CancellationToken cancellationToken)
        {
            IsHeld = false;
            return Task.CompletedTask;
        }
    }

    private sealed class OthersLease : ILeases
    {
        public bool IsFree { get; set; }

        public bool Several => true;

        public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken) => Task.FromResult(work != "dashboard-upkeep" || IsFree);

        public Task ReleaseAsync(string work, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
