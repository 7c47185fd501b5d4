namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// Lets a few log lines a minute through and counts the others: what fails every second, or for each of many items, must not fill the disk
/// that it may be failing for.
/// </summary>
internal sealed class LineBudget(TimeProvider clock, int linesPerMinute)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock turn = new();
    private long minuteBegan;
    private int used;
    private int leftOut;
    private int untold;

    /// <summary>Whether a line may be written now; otherwise it is counted.</summary>
    public bool TryTake()
    {
        lock (turn)
        {
            if (used == 0 || clock.GetElapsedTime(minuteBegan) >= Minute)
            {
                untold += leftOut;
                (minuteBegan, used, leftOut) = (clock.GetTimestamp(), 0, 0);
            }

            if (used < linesPerMinute)
            {
                used++;
                return true;
            }

            leftOut++;
            return false;
        }
    }

    /// <summary>How many lines of minutes that are over were left out and not told yet.</summary>
    public int TakeLeftOut()
    {
        lock (turn)
        {
            var count = untold;
            if (clock.GetElapsedTime(minuteBegan) >= Minute)
            {
                (count, leftOut) = (count + leftOut, 0);
            }

            untold = 0;
            return count;
        }
    }
}
