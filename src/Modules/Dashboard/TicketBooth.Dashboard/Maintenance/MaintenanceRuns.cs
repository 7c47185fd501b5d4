using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Runs rebuilds and reconciliations, one at a time on all hosts together, and records their outcome.</summary>
internal sealed partial class MaintenanceRuns(
    IServiceScopeFactory scopes,
    RunRecords records,
    ILeases leases,
    SalesPauses pauses,
    TimeProvider clock,
    ILogger<MaintenanceRuns> logger
) : IHostedService, IDisposable
{
    // A stored name: hosts of older versions hold the lease under it too.
    private const string Lease = "dashboard-upkeep";

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim oneAtATime = new(1);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    /// <summary>Starts a run in the background and returns its id. Fails with <c>upkeep-under-way</c>.</summary>
    public Task<Result<Guid>> StartAsync(RunKind kind, CancellationToken cancellationToken) =>
        StartAsync(kind, isRoutine: false, cancellationToken);

    /// <summary>Starts a run that nobody has asked for, as <see cref="StartAsync(RunKind, CancellationToken)"/> does.</summary>
    public Task<Result<Guid>> StartRoutineAsync(RunKind kind, CancellationToken cancellationToken) =>
        StartAsync(kind, isRoutine: true, cancellationToken);

    private async Task<Result<Guid>> StartAsync(RunKind kind, bool isRoutine, CancellationToken cancellationToken)
    {
        if (!await oneAtATime.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return DashboardErrors.MaintenanceUnderWay;
        }

        RunRow? run = null;
        try
        {
            if (!await leases.TryHoldAsync(Lease, LeaseTime, cancellationToken))
            {
                return DashboardErrors.MaintenanceUnderWay;
            }

            var added = run = await records.AddAsync(kind, cancellationToken);
            running = Task.Run(() => RunToEndAsync(added, isRoutine, stopping.Token), CancellationToken.None);
            return added.Id;
        }
        finally
        {
            if (run is null)
            {
                oneAtATime.Release();
            }
        }
    }

    /// <summary>Runs a task to its end, after a run that is under way. Throws what the task throws.</summary>
    public async Task<RunRow> RunAsync(RunKind kind, CancellationToken cancellationToken)
    {
        await oneAtATime.WaitAsync(cancellationToken);
        RunRow? run = null;
        try
        {
            // Another host's run: of two rebuilds at once, one would remove what the other has not seen yet.
            while (!await leases.TryHoldAsync(Lease, LeaseTime, cancellationToken))
            {
                await Task.Delay(RetryInterval, clock, cancellationToken);
            }

            run = await records.AddAsync(kind, cancellationToken);
        }
        finally
        {
            if (run is null)
            {
                oneAtATime.Release();
            }
        }

        await RunToEndAsync(run, isRoutine: false, cancellationToken);
        return await records.GetAsync(run.Id, cancellationToken);
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Cancels a background run and waits until it has recorded its end: nobody else can, once the host is gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();

        // Its failure is logged and recorded already.
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        oneAtATime.Dispose();
        stopping.Dispose();
    }

    /// <summary>Does the work, records its outcome, and gives lease and turn back. Logs and throws what fails.</summary>
    private async Task RunToEndAsync(RunRow run, bool isRoutine, CancellationToken cancellationToken)
    {
        var work = WorkAsync(run, isRoutine, cancellationToken);
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.Exception?.InnerException is { } failure)
        {
            LogFailed(logger, failure, run.Kind);
        }
        else if (work.IsCanceled && !isRoutine)
        {
            LogStopped(logger, run.Kind);
        }

        var end = EndAsync(run, isRoutine, work);
        await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (end.Exception?.InnerException is { } unrecorded)
        {
            LogNotRecorded(logger, unrecorded, run.Kind);
        }

        await work;
        await end;
    }

    private async Task<Findings> WorkAsync(RunRow run, bool isRoutine, CancellationToken cancellationToken)
    {
        // However long a step takes: while the host lives, no other one takes the lease and starts a second run.
        await using var renewal = new LeaseRenewal(leases, Lease, LeaseTime, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, renewal.Lost);
        await using var scope = scopes.CreateAsyncScope();
        var task = scope
            .ServiceProvider.GetServices<IMaintenanceTask>()
            .Single(candidate => candidate.Kind == run.Kind && candidate.IsRoutine == isRoutine);
        var pace = new RunPace(pauses, clock, isRoutine);
        var reported = clock.GetTimestamp();
        return await task.RunAsync(
            async orders =>
            {
                await pace.RestAsync(end.Token);
                if (clock.GetElapsedTime(reported) >= ProgressInterval)
                {
                    reported = clock.GetTimestamp();
                    await records.ProgressAsync(run.Id, orders, end.Token);
                }
            },
            end.Token
        );
    }

    private async Task EndAsync(RunRow run, bool isRoutine, Task<Findings> work)
    {
        try
        {
            await (
                work.IsCompletedSuccessfully ? records.EndAsync(run.Id, await work)
                // It may last for hours, and a host that is replaced meanwhile needs nobody's attention: the next one begins anew.
                : work.IsCanceled && isRoutine ? records.RemoveAsync(run.Id)
                : work.IsCanceled ? records.FailAsync(run.Id, "The host stopped, or lost the lease to another host.")
                : records.FailAsync(run.Id, work.Exception!.InnerException!.Message)
            );
        }
        finally
        {
            await GiveBackAsync();
        }
    }

    private async Task GiveBackAsync()
    {
        try
        {
            await leases.ReleaseAsync(Lease, CancellationToken.None);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    [LoggerMessage(
        EventId = 6000,
        Level = LogLevel.Error,
        Message = "The {Kind} of the read model failed; its report on the page Maintenance says why"
    )]
    private static partial void LogFailed(ILogger logger, Exception failure, RunKind kind);

    [LoggerMessage(
        EventId = 6001,
        Level = LogLevel.Warning,
        Message = "The {Kind} of the read model was stopped before its end: the host stopped, or lost the lease to another host"
    )]
    private static partial void LogStopped(ILogger logger, RunKind kind);

    [LoggerMessage(
        EventId = 6002,
        Level = LogLevel.Error,
        Message = "The end of the {Kind} of the read model could not be recorded, or its lease not given back"
    )]
    private static partial void LogNotRecorded(ILogger logger, Exception failure, RunKind kind);
}
