using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>
/// Selling goes first: what only follows the sales waits for a pause of theirs. However busy the lanes are, nothing waits for longer than
/// <see cref="LongestWait"/>. Messages that come meanwhile join the page: the busier the lanes, the larger the pages, and the cheaper.
/// </summary>
/// <param name="sales">Of this process.</param>
/// <param name="clock">The time of the machine, as that of <paramref name="sales"/>.</param>
public sealed class SalesPauses(SalesActivity sales, TimeProvider clock)
{
    // Well within the second that the Dashboard may be behind: writing the page, and waiting for a busy processor, come on top.
    internal static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // Longer than the lanes need between two batches at a peak.
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(15);

    /// <summary>The present as a time stamp, for <see cref="WaitAsync(long, CancellationToken)"/>.</summary>
    public long Now => clock.GetTimestamp();

    /// <summary>Waits for a pause of the sales, but not for longer than <see cref="LongestWait"/> after a time stamp.</summary>
    public Task WaitAsync(long since, CancellationToken cancellationToken) => WaitAsync(since, LongestWait, cancellationToken);

    /// <summary>Waits for a pause of the sales, but not for longer than so long after a time stamp.</summary>
    public async Task WaitAsync(long since, TimeSpan longest, CancellationToken cancellationToken)
    {
        while (LeftOf(since, longest) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, clock, cancellationToken);
        }
    }

    private TimeSpan LeftOf(long since, TimeSpan longest)
    {
        var (untilDue, untilPause) = (longest - clock.GetElapsedTime(since), Shortest - sales.Pause);
        return untilDue < untilPause ? untilDue : untilPause;
    }
}
