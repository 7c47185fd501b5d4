using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>Runs reconciliations, one at a time on all hosts together, and stores their outcomes.</summary>
internal sealed partial class ReconciliationRuns(
    Reconciler reconciler,
    IReconciliationStore store,
    ILeases leases,
    TimeProvider clock,
    ILogger<ReconciliationRuns> logger
) : IHostedService, IDisposable
{
    private const string Lease = "payments-reconciliation";

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>How long a caller waits for an outcome before it goes on in the background.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim oneAtATime = new(1);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    /// <summary>
    /// Starts one, and waits a while for its outcome. Fails with <c>reconciliation-under-way</c>. Throws what it throws in that while.
    /// </summary>
    public async Task<Result<StartedReconciliation>> StartAsync(ReconciliationPeriod period, CancellationToken cancellationToken)
    {
        if (!await TryBeginAsync(cancellationToken))
        {
            return PaymentsErrors.ReconciliationUnderWay;
        }

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var run = Task.Run(() => RunToEndAsync(id, period, stopping.Token), CancellationToken.None);
        running = run;
        await ((Task)run).WaitAsync(Patience, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new StartedReconciliation(id, run.IsCompleted ? await run : null);
    }

    /// <summary>
    /// Runs the daily one to its end, unless one is under way or <paramref name="isDue"/> denies it: the last look is under the lease.
    /// </summary>
    public async Task RunAsync(ReconciliationPeriod period, Func<Task<bool>> isDue, CancellationToken cancellationToken)
    {
        if (!await TryBeginAsync(cancellationToken))
        {
            return;
        }

        if (await isDue())
        {
            await RunToEndAsync(Guid.CreateVersion7(clock.GetUtcNow()), period, cancellationToken);
        }
        else
        {
            await EndAsync();
        }
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();

        // Its failure is logged already.
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        oneAtATime.Dispose();
        stopping.Dispose();
    }

    private async Task<bool> TryBeginAsync(CancellationToken cancellationToken)
    {
        if (!await oneAtATime.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return false;
        }

        var held = false;
        try
        {
            return held = await leases.TryHoldAsync(Lease, LeaseTime, cancellationToken);
        }
        finally
        {
            if (!held)
            {
                oneAtATime.Release();
            }
        }
    }

    private async Task EndAsync()
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

    private async Task<ReconciliationReport> RunToEndAsync(Guid id, ReconciliationPeriod period, CancellationToken cancellationToken)
    {
        var work = CompareAsync(id, period, cancellationToken);
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.Exception?.InnerException is { } failure)
        {
            LogFailed(logger, failure, period.From, period.To);
        }

        await EndAsync();
        return await work;
    }

    private async Task<ReconciliationReport> CompareAsync(Guid id, ReconciliationPeriod period, CancellationToken cancellationToken)
    {
        await using var renewal = new LeaseRenewal(leases, Lease, LeaseTime, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, renewal.Lost);
        var startedAt = clock.GetUtcNow();
        var found = await reconciler.CompareAsync(period.From, period.To, records: true, both.Token);
        var report = found.Report(id, period, startedAt, clock.GetUtcNow());
        await store.AddAsync(report, period.Due);
        if (!report.Summary.IsEqual)
        {
            var failures = string.Join(' ', report.Summary.Gateways.Select(gateway => gateway.Failure).OfType<string>());
            LogDifferences(logger, report.Summary.Differences, period.From, period.To, failures);
        }

        return report;
    }

    [LoggerMessage(
        EventId = 5090,
        Level = LogLevel.Warning,
        Message = "The reconciliation of {From} to {To} found {Differences} differences between the gateways and us. {Failures}"
    )]
    private static partial void LogDifferences(ILogger logger, long differences, DateTimeOffset from, DateTimeOffset to, string failures);

    [LoggerMessage(EventId = 5091, Level = LogLevel.Error, Message = "The reconciliation of {From} to {To} failed")]
    private static partial void LogFailed(ILogger logger, Exception failure, DateTimeOffset from, DateTimeOffset to);
}
