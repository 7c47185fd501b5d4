using System.Collections.Concurrent;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Host.Logging;

/// <summary>
/// Keeps an outage of a store from flooding the log: of the lines that tell of one, each kind is written once a minute, with the number of
/// those that were left out. A full disk would otherwise be told by every request, message and worker, and fill what is left of it.
/// </summary>
internal sealed class OutageLog(ILoggerFactory inner, IOutageDetector outages, TimeProvider clock) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> loggers = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) =>
        loggers.GetOrAdd(categoryName, name => new OutageLogger(inner.CreateLogger(name), outages, clock));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The container disposes of the inner one.
    }
}

/// <summary>The logger of one category; the id of an event is the kind of a line.</summary>
internal sealed partial class OutageLogger(ILogger inner, IOutageDetector outages, TimeProvider clock) : ILogger
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock turn = new();
    private readonly Dictionary<int, (long At, int LeftOut)> told = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (exception is null || logLevel < LogLevel.Warning || !outages.IsOutage(exception))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        else if (MayTell(eventId.Id, out var leftOut))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            if (leftOut > 0)
            {
                LogLeftOut(inner, leftOut, eventId.Id);
            }
        }
    }

    private bool MayTell(int kind, out int leftOut)
    {
        lock (turn)
        {
            if (told.TryGetValue(kind, out var last) && clock.GetElapsedTime(last.At) < Pause)
            {
                told[kind] = last with { LeftOut = last.LeftOut + 1 };
                leftOut = 0;
                return false;
            }

            leftOut = last.LeftOut;
            told[kind] = (clock.GetTimestamp(), 0);
            return true;
        }
    }

    [LoggerMessage(
        EventId = 9000,
        Level = LogLevel.Warning,
        Message = "{Count} more lines {LineId} about an outage were left out since the last one"
    )]
    private static partial void LogLeftOut(ILogger logger, int count, int lineId);
}
