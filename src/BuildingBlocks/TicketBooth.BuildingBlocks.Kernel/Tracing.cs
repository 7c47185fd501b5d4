using System.Diagnostics;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// The spans of the system's own work. Those of requests, of calls to other servers and of single messages come from the libraries.
/// </summary>
public static class Tracing
{
    /// <summary>The name of the source of the spans.</summary>
    public const string SourceName = "TicketBooth";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// The W3C trace context of the present span; null when nobody records it. What is not recorded is not stored with messages either.
    /// </summary>
    public static string? Context => Activity.Current is { Recorded: true } span ? span.Id : null;

    /// <summary>A span within the present one. Null, at no cost, when the present one is not recorded.</summary>
    public static Activity? Start(string name) => Activity.Current is { Recorded: true } ? Source.StartActivity(name) : null;

    /// <summary>
    /// A span of work that is done at once for many requests. It belongs to the first trace that is recorded and is linked with the others,
    /// because a span has one parent. Null when none is recorded.
    /// </summary>
    /// <param name="name">Of the span.</param>
    /// <param name="kind">Whether it produces or consumes messages.</param>
    /// <param name="contexts">The trace contexts of the requests, null for those that are not recorded.</param>
    public static Activity? StartJoined(string name, ActivityKind kind, IEnumerable<string?> contexts)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        if (!Source.HasListeners())
        {
            return null;
        }

        var recorded = new HashSet<ActivityContext>();
        foreach (var text in contexts)
        {
            // The text may come from another program's message.
            if (ActivityContext.TryParse(text, traceState: null, isRemote: false, out var context))
            {
                recorded.Add(context);
            }
        }

        return recorded.Count == 0
            ? null
            : Source.StartActivity(name, kind, recorded.First(), links: recorded.Skip(1).Select(context => new ActivityLink(context)));
    }
}
