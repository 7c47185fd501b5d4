namespace TicketBooth.Gateways.Pix;

public enum PixFaultKind
{
    /// <summary>Answers with <see cref="PixFault.Status"/> and does no work.</summary>
    Answer,

    /// <summary>Works and answers, but only after <see cref="PixFault.Delay"/>.</summary>
    Slow,

    /// <summary>Breaks the connection and does no work.</summary>
    BreakBeforeWork,

    /// <summary>Does the work and breaks the connection instead of answering.</summary>
    BreakAfterWork,

    /// <summary>Neither works nor answers until the client gives up.</summary>
    SilentBeforeWork,

    /// <summary>Does the work and never answers, until the client gives up.</summary>
    SilentAfterWork,
}

/// <summary>What goes wrong with the next calls that it fits: those of the token endpoint as well.</summary>
public sealed record PixFault(PixFaultKind Kind)
{
    /// <summary>Fits this method only.</summary>
    public string? Method { get; init; }

    /// <summary>Fits paths that contain this.</summary>
    public string Path { get; init; } = "";

    /// <summary>How many calls it befalls.</summary>
    public int Times { get; init; } = 1;
    public int Status { get; init; } = 503;
    public int? RetryAfterSeconds { get; init; }
    public TimeSpan Delay { get; init; }
}

/// <summary>Faults on demand. The oldest that fits a call befalls it.</summary>
public sealed class PixFaults
{
    private readonly Lock gate = new();
    private readonly List<PixFault> faults = [];

    public void Add(PixFault fault)
    {
        lock (gate)
        {
            faults.Add(fault);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            faults.Clear();
        }
    }

    internal PixFault? Take(HttpRequest request)
    {
        lock (gate)
        {
            var at = faults.FindIndex(fault =>
                (fault.Method is null || HttpMethods.Equals(fault.Method, request.Method))
                && request.Path.Value!.Contains(fault.Path, StringComparison.Ordinal)
            );
            if (at < 0)
            {
                return null;
            }

            var found = faults[at];
            if (found.Times <= 1)
            {
                faults.RemoveAt(at);
            }
            else
            {
                faults[at] = found with { Times = found.Times - 1 };
            }

            return found;
        }
    }

    internal static async Task BefallAsync(PixFault fault, HttpContext context, RequestDelegate next, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        switch (fault.Kind)
        {
            case PixFaultKind.Answer:
                if (fault.RetryAfterSeconds is { } seconds)
                {
                    context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }

                await PixProblem.Of(fault.Status).WriteAsync(context.Response);
                return;
            case PixFaultKind.Slow:
                await Task.Delay(fault.Delay, ends.Token);
                await next(context);
                return;
            case PixFaultKind.BreakAfterWork or PixFaultKind.SilentAfterWork:
                context.Response.Body = new MemoryStream();
                await next(context);
                break;
            case PixFaultKind.BreakBeforeWork or PixFaultKind.SilentBeforeWork:
                break;
            default:
                throw new InvalidOperationException($"No fault of the kind {fault.Kind}");
        }

        if (fault.Kind is PixFaultKind.SilentAfterWork or PixFaultKind.SilentBeforeWork)
        {
            await Task.Delay(Timeout.Infinite, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Abort();
    }
}
