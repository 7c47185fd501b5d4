using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// Whether the periodic work of this host gets done: the health check <c>work</c>. Degraded, never unhealthy: orders are accepted
/// without it.
/// </summary>
public sealed class WorkHealth(TimeProvider clock) : IHealthCheck
{
    // One failed round may be a store that restarted; three in a row are a fault that somebody should know of.
    private const int FailuresUntilDegraded = 3;

    private readonly ConcurrentDictionary<string, State> states = new(StringComparer.Ordinal);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var troubles = Troubles();
        return Task.FromResult(troubles.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", troubles)));
    }

    /// <summary>Why work does not get done now, a line per worker; empty when all of it does.</summary>
    public IReadOnlyList<string> Troubles()
    {
        var now = clock.GetUtcNow();
        return
        [
            .. states
                .OrderBy(state => state.Key, StringComparer.Ordinal)
                .Where(state => state.Value.Failures >= FailuresUntilDegraded || now > state.Value.ExpectedBy)
                .Select(state =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{state.Key}: {Describe(state.Value, now)}, {state.Value.Failures} rounds failed in a row"
                    )
                ),
        ];
    }

    internal void Expect(string worker, DateTimeOffset by) =>
        states.AddOrUpdate(
            worker,
            static (_, expected) => new State(0, expected),
            static (_, state, expected) => state with { ExpectedBy = expected },
            by
        );

    internal void Ended(string worker, bool failed) =>
        states.AddOrUpdate(
            worker,
            static (_, failed) => new State(failed ? 1 : 0, DateTimeOffset.MaxValue),
            static (_, state, failed) => state with { Failures = failed ? state.Failures + 1 : 0 },
            failed
        );

    internal void Forget(string worker) => states.TryRemove(worker, out _);

    private static string Describe(State state, DateTimeOffset now) => now > state.ExpectedBy ? "overdue" : "failing";

    private sealed record State(int Failures, DateTimeOffset ExpectedBy);
}
