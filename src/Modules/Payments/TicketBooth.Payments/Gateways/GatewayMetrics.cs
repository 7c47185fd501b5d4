using System.Diagnostics.Metrics;

namespace TicketBooth.Payments.Gateways;

/// <summary>Measures what gateways answer, and how long they take.</summary>
internal sealed class GatewayMetrics(IMeterFactory meters, TimeProvider clock)
{
    public const string MeterName = "TicketBooth.Payments";

    private const string Unanswered = "unanswered";

    private readonly Histogram<double> durations = meters
        .Create(MeterName)
        .CreateHistogram(
            "ticketbooth.gateway.operation.duration",
            "s",
            "How long a payment gateway took for an operation, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30] }
        );

    /// <summary>Measures an operation.</summary>
    /// <param name="gateway">Its name.</param>
    /// <param name="operation">As the port names it, in small letters.</param>
    /// <param name="outcomeOf">Of an answer; one of a few words.</param>
    public async Task<T> MeasureAsync<T>(string gateway, string operation, Task<T> answer, Func<T, string> outcomeOf)
    {
        var began = clock.GetTimestamp();
        var outcome = Unanswered;
        try
        {
            var answered = await answer;
            outcome = outcomeOf(answered);
            return answered;
        }
        finally
        {
            durations.Record(
                clock.GetElapsedTime(began).TotalSeconds,
                new("gateway", gateway),
                new("operation", operation),
                new("outcome", outcome)
            );
        }
    }
}
