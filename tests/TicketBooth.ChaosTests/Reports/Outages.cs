using System.Collections.Concurrent;
using System.Diagnostics;

namespace TicketBooth.ChaosTests.Reports;

/// <summary>How long clients were without an answer, by the fault that was going on when it began.</summary>
internal sealed class Outages
{
    private readonly ConcurrentDictionary<int, Outage> clients = new();
    private readonly ConcurrentDictionary<string, (TimeSpan Outage, TimeSpan Wait)> worst = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> failures = new(StringComparer.Ordinal);

    /// <summary>The fault that is going on, or was the last one.</summary>
    public string Fault { get; set; } = "none";

    /// <summary>Answers of 500 and the like, each with how often it came: a host says 503 when it cannot.</summary>
    public IReadOnlyDictionary<string, int> Failures => failures;

    public Outage Of(int client) => clients.GetOrAdd(client, _ => new Outage(this));

    /// <summary>The longest time in which nothing worked for a client, and the longest that it waited for one answer.</summary>
    public (TimeSpan Outage, TimeSpan Wait) Worst(string fault) => worst.GetValueOrDefault(fault);

    public void SawFailure(string what) => failures.AddOrUpdate(what, 1, (_, count) => count + 1);

    internal void Note(string fault, TimeSpan outage, TimeSpan wait) =>
        worst.AddOrUpdate(
            fault,
            (outage, wait),
            (_, former) => (Longer(former.Outage, outage), Longer(former.Wait, wait))
        );

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

/// <summary>Of one client, which asks one thing after the other.</summary>
internal sealed class Outage(Outages all)
{
    private long? since;
    private string fault = "";

    /// <summary>Nothing came, or a 5xx.</summary>
    public void Failed(long asked)
    {
        if (since is null)
        {
            (since, fault) = (asked, all.Fault);
        }

        all.Note(fault, Stopwatch.GetElapsedTime(since.Value), Stopwatch.GetElapsedTime(asked));
    }

    public void Answered(long asked)
    {
        all.Note(since is null ? all.Fault : fault, since is { } began ? Stopwatch.GetElapsedTime(began) : TimeSpan.Zero, Stopwatch.GetElapsedTime(asked));
        since = null;
    }
}
