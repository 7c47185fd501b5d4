using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TicketBooth.Payments.Tests;

/// <summary>Everything that is logged, at every level and by everybody, with its exceptions and scopes.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    public void AddTo(IServiceCollection services) => services.AddLogging(logging => logging
        .SetMinimumLevel(LogLevel.Trace)
        .AddProvider(this)
        .AddFilter<CapturedLog>(null, LogLevel.Trace));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var context = new List<string>();
            log.scopes.ForEachScope((scope, lines) => lines.Add($"{scope}"), context);
            log.Lines.Enqueue((logLevel, $"{category}: {formatter(state, exception)} {exception} [{string.Join("; ", context)}]"));
        }
    }
}
