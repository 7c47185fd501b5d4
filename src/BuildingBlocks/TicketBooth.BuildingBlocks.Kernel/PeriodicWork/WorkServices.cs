using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>What every <see cref="PeriodicWork"/> needs, so that a worker's constructor names only what is its own.</summary>
public sealed class WorkServices(TimeProvider clock, ILeases leases, WorkHealth health, WorkMetrics metrics, ILoggerFactory loggers)
{
    internal TimeProvider Clock => clock;

    internal ILeases Leases => leases;

    internal WorkHealth Health => health;

    internal WorkMetrics Metrics => metrics;

    internal ILogger LoggerFor(Type worker) => loggers.CreateLogger(worker);
}

/// <summary>The figures of all periodic work of this host.</summary>
public sealed class WorkMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "TicketBooth.Work";

    private readonly Counter<long> rounds;
    private readonly Counter<long> late;
    private readonly Histogram<double> duration;

    public WorkMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        rounds = meter.CreateCounter<long>("ticketbooth.work.rounds", "{round}", "Rounds of periodic work that ended, by outcome.");
        late = meter.CreateCounter<long>(
            "ticketbooth.work.late",
            "{round}",
            "Rounds that began more than an interval after they were due."
        );
        duration = meter.CreateHistogram<double>("ticketbooth.work.duration", "s", "How long rounds of periodic work took.");
    }

    internal void Ended(string worker, string outcome, TimeSpan took)
    {
        var tags = new TagList { { "worker", worker }, { "outcome", outcome } };
        rounds.Add(1, tags);
        duration.Record(took.TotalSeconds, tags);
    }

    internal void Late(string worker) => late.Add(1, new KeyValuePair<string, object?>("worker", worker));
}
