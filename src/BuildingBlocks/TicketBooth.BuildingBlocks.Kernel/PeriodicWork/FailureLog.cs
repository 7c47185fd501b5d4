using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// What a worker's log says of its failures: a failed round and a few failed items a minute, the number of the others, and when it works
/// again.
/// </summary>
internal sealed partial class FailureLog(ILogger logger, string worker, TimeProvider clock)
{
    private const int ItemsPerMinute = 5;

    private readonly LineBudget rounds = new(clock, linesPerMinute: 1);
    private readonly LineBudget items = new(clock, ItemsPerMinute);
    private volatile bool isFailing;

    public void RoundFailed(Exception failure)
    {
        if (rounds.TryTake())
        {
            isFailing = true;
            LogRoundFailed(logger, failure, worker);
        }
    }

    public void ItemFailed(Exception failure, object? item)
    {
        if (items.TryTake())
        {
            isFailing = true;
            LogItemFailed(logger, failure, worker, item);
        }
    }

    public void RoundEnded(bool succeeded)
    {
        if (rounds.TakeLeftOut() + items.TakeLeftOut() is > 0 and var leftOut)
        {
            LogLeftOut(logger, leftOut, worker);
        }

        if (succeeded && isFailing)
        {
            isFailing = false;
            LogWorksAgain(logger, worker);
        }
    }

    [LoggerMessage(EventId = 1000, Level = LogLevel.Error, Message = "A round of {Worker} failed; the next one is the retry")]
    private static partial void LogRoundFailed(ILogger logger, Exception failure, string worker);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "{Worker} failed for {Item}; the next round is the retry")]
    private static partial void LogItemFailed(ILogger logger, Exception failure, string worker, object? item);

    [LoggerMessage(
        EventId = 1005,
        Level = LogLevel.Error,
        Message = "{Count} more failures of {Worker} were left out of the log: it keeps failing"
    )]
    private static partial void LogLeftOut(ILogger logger, int count, string worker);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Information, Message = "{Worker} works again")]
    private static partial void LogWorksAgain(ILogger logger, string worker);
}
