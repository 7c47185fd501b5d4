using System.Linq.Expressions;
using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Upkeep;

/// <summary>Runs rebuilds and reconciliations, one at a time, and keeps what came of them. Compares with the ledger by itself every few hours.</summary>
internal sealed partial class UpkeepRuns(
    IServiceScopeFactory scopes,
    ILeases leases,
    ReadModelChanges changes,
    IOptions<DashboardOptions> options,
    TimeProvider clock,
    ILogger<UpkeepRuns> logger
) : BackgroundService
{
    internal static readonly TimeSpan SaysItLives = TimeSpan.FromSeconds(1);

    /// <summary>A run that has not been heard of for so long has died with its host.</summary>
    internal static readonly TimeSpan Dead = TimeSpan.FromSeconds(30);

    private static readonly Error Busy = Error.Conflict(
        "upkeep-under-way",
        "A rebuild or a reconciliation is under way. Wait for its end."
    );
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim place = new(1);
    private CancellationToken stopping;
    private Task running = Task.CompletedTask;

    /// <summary>Starts a run and gives its id; it goes on in the background. Fails with <c>upkeep-under-way</c>.</summary>
    public async Task<Result<Guid>> StartAsync(RunKind kind, CancellationToken cancellationToken)
    {
        if (!await place.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return Busy;
        }

        try
        {
            if (await leases.TryHoldAsync("dashboard-upkeep", Dead, cancellationToken))
            {
                var run = await AddAsync(kind, cancellationToken);
                running = Task.Run(() => FinishAsync(run, stopping), CancellationToken.None);
                return run.Id;
            }
        }
        catch
        {
            place.Release();
            throw;
        }

        place.Release();
        return Busy;
    }

    /// <summary>Runs it here and now, to its end. Its failure is the caller's, too.</summary>
    public async Task<RunRow> RunAsync(RunKind kind, CancellationToken cancellationToken)
    {
        await place.WaitAsync(cancellationToken);
        RunRow run;
        try
        {
            // Another host's run: of two rebuilds at once, one would remove what the other has not seen yet.
            while (!await leases.TryHoldAsync("dashboard-upkeep", Dead, cancellationToken))
            {
                await Task.Delay(SaysItLives, clock, cancellationToken);
            }

            run = await AddAsync(kind, cancellationToken);
        }
        catch
        {
            place.Release();
            throw;
        }

        (await FinishAsync(run, cancellationToken))?.Throw();
        await using var scope = scopes.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<DashboardDbContext>()
            .Runs.SingleAsync(row => row.Id == run.Id, cancellationToken);
    }

    /// <summary>Lets a run that goes on in the background write down how it ended: nobody else can, once the host is gone.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await running.WaitAsync(cancellationToken);
    }

    public override void Dispose()
    {
        place.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        stopping = stoppingToken;
        if (options.Value.ReconcileHours == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(LookInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await IsDueAsync(stoppingToken))
                {
                    await StartAsync(RunKind.Reconciliation, stoppingToken);
                }
            }
#pragma warning disable CA1031 // the next minute is the retry
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure, RunKind.Reconciliation);
            }
        }
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        var since = clock.GetUtcNow() - TimeSpan.FromHours(options.Value.ReconcileHours);
        return !await db.Runs.AnyAsync(run => run.Kind == RunKind.Reconciliation && run.StartedAt > since, cancellationToken);
    }

    private async Task<RunRow> AddAsync(RunKind kind, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var run = new RunRow
        {
            Id = Guid.CreateVersion7(now),
            Kind = kind,
            StartedAt = now,
            SeenAt = now,
        };
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        db.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        return run;
    }

    /// <returns>Why it failed; null when it did not.</returns>
    private async Task<ExceptionDispatchInfo?> FinishAsync(RunRow run, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
            var said = clock.GetTimestamp();
            Findings? findings = null;
            ExceptionDispatchInfo? failed = null;
            try
            {
                var work = scope.ServiceProvider.GetServices<IUpkeep>().Single(upkeep => upkeep.Kind == run.Kind);
                findings = await work.RunAsync(
                    async done =>
                    {
                        if (clock.GetElapsedTime(said) >= SaysItLives)
                        {
                            said = clock.GetTimestamp();
                            await leases.TryHoldAsync("dashboard-upkeep", Dead, cancellationToken);
                            await SayAsync(
                                db,
                                run.Id,
                                set => set.SetProperty(row => row.Done, done).SetProperty(row => row.SeenAt, clock.GetUtcNow()),
                                cancellationToken
                            );
                        }
                    },
                    cancellationToken
                );
            }
#pragma warning disable CA1031 // the failure is the run's outcome, and stands in the log
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure, run.Kind);
                failed = ExceptionDispatchInfo.Capture(failure);
            }

            var now = clock.GetUtcNow();
            var orders = findings?.Orders;
            var (count, report) = findings is null
                ? (1, $"It failed: {failed!.SourceException.Message}")
                : (findings.Count, string.Join('\n', findings.Lines));
            await SayAsync(
                db,
                run.Id,
                set =>
                    set.SetProperty(row => row.EndedAt, now)
                        .SetProperty(row => row.SeenAt, now)
                        .SetProperty(row => row.Done, row => orders ?? row.Done)
                        .SetProperty(row => row.Differences, count)
                        .SetProperty(row => row.Report, report),
                CancellationToken.None
            );
            changes.Hear(await db.VersionAsync(CancellationToken.None));
            return failed;
        }
#pragma warning disable CA1031 // nobody awaits it; a run without an end counts as dead
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(logger, failure, run.Kind);
            return ExceptionDispatchInfo.Capture(failure);
        }
        finally
        {
            place.Release();
        }
    }

    private static Task<int> SayAsync(
        DashboardDbContext db,
        Guid runId,
        Expression<Func<SetPropertyCalls<RunRow>, SetPropertyCalls<RunRow>>> set,
        CancellationToken cancellationToken
    ) => db.Runs.Where(row => row.Id == runId).ExecuteUpdateAsync(set, cancellationToken);

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Kind} of the read model failed")]
    private static partial void LogFailed(ILogger logger, Exception failure, RunKind kind);
}
