using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Host.Auditing;

/// <summary>
/// Looks again at what the checks found. Hosts that serve change what was read a moment ago, and a message that is still in the broker is
/// in no store: only what each look finds in the same words is wrong.
/// </summary>
/// <param name="checkAsync">Runs every check once.</param>
/// <param name="pause">Between two looks.</param>
/// <param name="patience">It looks until nothing has disappeared for so long, and twice at least.</param>
/// <param name="clock">Measures it.</param>
internal sealed class AuditLooks(Func<Task<InvariantReport>> checkAsync, TimeSpan pause, TimeSpan patience, TimeProvider clock)
{
    /// <summary>The patience where messages go through a broker.</summary>
    public static readonly TimeSpan OfBroker = TimeSpan.FromSeconds(30);

    /// <summary>The pause of the command.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <returns>The last report, and those of its violations that every look found.</returns>
    public async Task<(InvariantReport Report, IReadOnlyCollection<Violation> Lasting)> LastingAsync()
    {
        var report = await checkAsync();
        var lasting = report.Violations.ToHashSet();
        var since = clock.GetTimestamp();
        while (lasting.Count > 0)
        {
            await Task.Delay(pause, clock);
            var before = lasting.Count;
            report = await checkAsync();
            lasting.IntersectWith(report.Violations);
            if (lasting.Count < before)
            {
                since = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(since) >= patience)
            {
                break;
            }
        }

        return (report, lasting);
    }
}
