using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Host.Logging;

namespace TicketBooth.Host.Tests;

/// <summary>A full disk tells of itself once a minute, not with every request.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutageLogTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly Lines written = new();

    [TearDown]
    public void Close() => written.Dispose();

    [Test]
    public void Lines_of_an_outage_come_once_a_minute_and_kind_with_the_number_of_those_left_out()
    {
        var logger = Make();
        for (var second = 0; second < 121; second++)
        {
            for (var request = 0; request < 500; request++)
            {
                logger.Log(LogLevel.Warning, new EventId(1101), "busy", new IOException("No space left on device"), (state, _) => state);
            }

            logger.Log(LogLevel.Error, new EventId(1000), "round", new InvalidOperationException("", new IOException("No space left on device")), (state, _) => state);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(written.Texts, Is.EqualTo(new[]
        {
            "busy",
            "round",
            "busy",
            "29999 more lines 1101 about an outage were left out since the last one",
            "round",
            "59 more lines 1000 about an outage were left out since the last one",
            "busy",
            "29999 more lines 1101 about an outage were left out since the last one",
            "round",
            "59 more lines 1000 about an outage were left out since the last one",
        }));
    }

    [Test]
    public void All_other_lines_are_written()
    {
        var logger = Make();
        for (var line = 0; line < 10; line++)
        {
            logger.Log(LogLevel.Error, new EventId(1100), "a bug", new InvalidOperationException("A bug."), (state, _) => state);
            logger.Log(LogLevel.Error, new EventId(5010), "a refusal", null, (state, _) => state);
            logger.Log(LogLevel.Information, new EventId(1), "a detail", new IOException("A detail."), (state, _) => state);
        }

        Assert.That(written.Texts, Has.Count.EqualTo(30));
    }

    private ILogger Make()
    {
        var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(written));
        return new OutageLog(factory, new Outages(), clock).CreateLogger("Tests");
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Texts { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));

        public void Dispose()
        {
            // Holds nothing.
        }
    }

    private sealed class Outages : IOutageDetector
    {
        public bool IsOutage(Exception failure) => failure is IOException || failure.InnerException is IOException;
    }
}
