using System.Diagnostics;
using TicketBooth.LoadTests.Figures;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>A load of orders of one ticket each, and what it cost the host until everything had settled.</summary>
internal sealed record Sale
{
    private const double NoteworthyRows = 0.01;

    private static readonly TimeSpan allowedBehind = TimeSpan.FromSeconds(1);

    public required WrkResult Load { get; init; }

    /// <summary>Orders that were placed: a few more than were answered, because the load ends in the middle of some.</summary>
    public required long Orders { get; init; }

    public required TimeSpan CpuAnswered { get; init; }

    public required TimeSpan CpuSettled { get; init; }

    public required Lag Lag { get; init; }

    /// <summary>For how long the followers went on after the last answer.</summary>
    public required TimeSpan Behind { get; init; }

    public required long AllocatedBytes { get; init; }

    public required long Collections { get; init; }

    public required TimeSpan CollectionPauses { get; init; }

    public required long WrittenBytes { get; init; }

    public required long? Fsyncs { get; init; }

    /// <summary>Rows that stay, by table.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>CPU by the names of the host's threads.</summary>
    public required IReadOnlyDictionary<string, TimeSpan> Threads { get; init; }

    public double MicrosecondsSettled => CpuSettled.TotalMicroseconds / Orders;

    /// <summary>Orders a second when the time counts, too, in which the followers catch up to less than a second behind.</summary>
    public double RateKeptUp => Orders / (Load.Duration + (Behind > allowedBehind ? Behind - allowedBehind : TimeSpan.Zero)).TotalSeconds;

    /// <param name="host">Must be settled.</param>
    /// <param name="load">Places orders of one ticket each.</param>
    public static async Task<Sale> MeasureAsync(MeasuredHost host, Func<Task<WrkResult>> load)
    {
        var (followed, metrics, rows) = (await host.FollowedAsync(), await host.MetricsAsync(), StoredRows.Count(host.Folder));
        var (threads, cpu, written) = (host.Cpu.ByThread(), host.Cpu.Used, host.Cpu.Written);
        using var fsyncs = Figures.Fsyncs.Count(host.ProcessId);
        var watch = LagWatch.Start(host, metrics, followed);
        var result = await load();
        var (answered, lastAnswer) = (host.Cpu.Used - cpu, Stopwatch.StartNew());
        var lag = await watch.EndAsync();
        var accepted = result.Requests - result.Refused;
        var (settled, behind) = await Settling.WaitAsync(host, lastAnswer, now =>
            now.Placed - followed.Placed >= accepted && now.Placed - followed.Placed == now.Taken - followed.Taken
        );
        var metricsSettled = await host.MetricsAsync();
        return new Sale
        {
            Load = result,
            Orders = settled.Placed - followed.Placed,
            CpuAnswered = answered,
            CpuSettled = host.Cpu.Used - cpu,
            Lag = lag,
            Behind = behind,
            AllocatedBytes = metricsSettled.AllocatedBytes - metrics.AllocatedBytes,
            Collections = metricsSettled.Collections - metrics.Collections,
            CollectionPauses = metricsSettled.CollectionPauses - metrics.CollectionPauses,
            WrittenBytes = host.Cpu.Written - written,
            Fsyncs = await fsyncs.EndAsync(),
            Rows = Growth(rows, StoredRows.Count(host.Folder)),
            Threads = Growth(threads, host.Cpu.ByThread()),
        };
    }

    public void AddTo(Report report)
    {
        report.Require(Load.Refused == 0, "Some orders were refused.");
        report.Add("orders", Unit.PerSecond, Load.Rate);
        report.Add("orders, followers at most 1 s behind", Unit.PerSecond, RateKeptUp);
        report.Add("order request, mean", Unit.Milliseconds, Load.Mean.TotalMilliseconds);
        report.Add(Measures.OrderP99, Unit.Milliseconds, Load.P99.TotalMilliseconds);
        report.Add("CPU per order while answered", Unit.Microseconds, CpuAnswered.TotalMicroseconds / Load.Requests);
        report.Add("CPU per settled order", Unit.Microseconds, MicrosecondsSettled);
        report.Add("followers behind meanwhile, the most", Unit.Seconds, Lag.Longest.TotalSeconds);
        report.Add("orders not followed meanwhile, the most", Unit.Count, Lag.MostOrders);
        report.Add(Measures.BehindAtEnd, Unit.Seconds, Behind.TotalSeconds);
        report.Add("allocated per order", Unit.Bytes, (double)AllocatedBytes / Orders);
        report.Add("garbage collections", Unit.Count, Collections);
        if (Collections > 0)
        {
            report.Add("pause of a garbage collection, mean", Unit.Milliseconds, CollectionPauses.TotalMilliseconds / Collections);
        }

        if (WrittenBytes > 0)
        {
            AddWrites(report);
        }

        foreach (var (name, used) in Threads.Where(thread => thread.Value >= CpuSettled / 100).OrderByDescending(thread => thread.Value))
        {
            report.Add("CPU per order in threads " + name, Unit.Microseconds, used.TotalMicroseconds / Orders);
        }
    }

    /// <summary>Where the host itself writes files: with servers it writes none.</summary>
    private void AddWrites(Report report)
    {
        report.Add("written per order", Unit.Bytes, (double)WrittenBytes / Orders);
        if (Fsyncs is > 0 and var count)
        {
            report.Add("orders per fsync", Unit.Count, (double)Orders / count);
        }

        foreach (
            var (table, rows) in Rows.Where(table => table.Value >= NoteworthyRows * Orders)
                .OrderBy(table => table.Key, StringComparer.Ordinal)
        )
        {
            report.Add("rows per order in " + table, Unit.Count, (double)rows / Orders);
        }
    }

    private static Dictionary<string, long> Growth(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
        after.ToDictionary(table => table.Key, table => table.Value - before.GetValueOrDefault(table.Key), StringComparer.Ordinal);

    private static Dictionary<string, TimeSpan> Growth(
        IReadOnlyDictionary<string, TimeSpan> before,
        IReadOnlyDictionary<string, TimeSpan> after
    ) => after.ToDictionary(thread => thread.Key, thread => thread.Value - before.GetValueOrDefault(thread.Key), StringComparer.Ordinal);
}
