using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Dashboard.Upkeep;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.Upkeep;

internal sealed class UpkeepRunsTests(Provider provider) : DashboardFixture(provider)
{
    [Test]
    public async Task Runs_one_at_a_time()
    {
        var work = new HeldWork();
        await using var host = await StartHostAsync(services => services.RemoveAll<IUpkeep>().AddSingleton<IUpkeep>(work), ("Modules", "Dashboard"));
        var runs = host.App.Services.GetRequiredService<UpkeepRuns>();

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
        await using (var host = await StartHostAsync(services => services.RemoveAll<IUpkeep>().AddSingleton<IUpkeep>(work), ("Modules", "Dashboard")))
        {
            Assert.That((await host.App.Services.GetRequiredService<UpkeepRuns>().StartAsync(RunKind.Rebuild, CancellationToken.None)).IsSuccess, Is.True);
            await work.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }

        Assert.That(Database.Sql("SELECT COUNT(*) FROM DashboardRuns WHERE EndedAt IS NOT NULL AND Report LIKE 'It failed:%'"), Is.EqualTo(1));
    }

    [Test]
    public async Task Another_hosts_run_is_under_way_too()
    {
        var work = new HeldWork();
        work.End.SetResult();
        var leases = new OthersLease();
        await using var host = await StartHostAsync(
            services => services.RemoveAll<IUpkeep>().AddSingleton<IUpkeep>(work).Replace(ServiceDescriptor.Singleton<ILeases>(leases)), ("Modules", "Dashboard"));
        var runs = host.App.Services.GetRequiredService<UpkeepRuns>();

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
        await using var host = await StartHostAsync(services => services.RemoveAll<IUpkeep>().AddTransient<IUpkeep, FailingWork>(), ("Modules", "Dashboard"));
        var runs = host.App.Services.GetRequiredService<UpkeepRuns>();

        Assert.That(() => runs.RunAsync(RunKind.Rebuild, CancellationToken.None), Throws.InvalidOperationException.With.Message.EqualTo("no luck"));
        Assert.That((await runs.StartAsync(RunKind.Rebuild, CancellationToken.None)).IsSuccess, Is.True);
        await Eventually.Async(
            () => Task.FromResult(Database.Sql("SELECT COUNT(*) FROM DashboardRuns WHERE EndedAt IS NOT NULL AND Differences = 1 AND Report LIKE '%no luck%'")),
            failed => failed == 2,
            "both failures to be kept");
    }

    private sealed class HeldWork : IUpkeep
    {
        private int now;

        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource End { get; } = new();

        public int Most { get; private set; }

        public RunKind Kind => RunKind.Rebuild;

        public async Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken)
        {
            Most = Math.Max(Most, Interlocked.Increment(ref now));
            Begun.TrySetResult();
            await End.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref now);
            return new Findings(3, 7, ["seven"]);
        }
    }

    private sealed class FailingWork : IUpkeep
    {
        public RunKind Kind => RunKind.Rebuild;

        public Task<Findings> RunAsync(Func<long, Task> progress, CancellationToken cancellationToken) => throw new InvalidOperationException("no luck");
    }

    private sealed class OthersLease : ILeases
    {
        public bool IsFree { get; set; }

        public bool Several => true;

        public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken) => Task.FromResult(work != "dashboard-upkeep" || IsFree);

        public Task ReleaseAsync(string work, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
