using System.Net.Http.Headers;
using System.Threading.Channels;

namespace TicketBooth.Gateways.Callbacks;

/// <summary>
/// Sends callbacks by a plan. First attempts go out one after the other, in the order of <see cref="Send"/>; what is not accepted
/// (2xx) is tried again beside them, a bounded number of times. Safe for use by several threads.
/// </summary>
public sealed class CallbackSender : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, CallbackPlan> plans = new(StringComparer.Ordinal);
    private readonly List<Job> jobs = [];
    private readonly Channel<Job> outgoing = Channel.CreateUnbounded<Job>();
    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<Task> retries = [];
    private readonly CallbackSenderOptions options;
    private readonly HttpClient client;
    private readonly Task sending;
    private TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CallbackPlan plan = CallbackPlan.AtOnce;
    private int underWay;

    public CallbackSender(CallbackSenderOptions options)
    {
        this.options = options;
        client = new HttpClient(options.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
        idle.SetResult();
        sending = Task.Run(SendOutgoingAsync);
    }

    /// <summary>The plan of every callback whose name has none of its own.</summary>
    public CallbackPlan Plan
    {
        get
        {
            lock (gate)
            {
                return plan;
            }
        }
        set
        {
            lock (gate)
            {
                plan = value;
            }
        }
    }

    /// <summary>All that was sent or is held, the oldest first. A callback that is never sent is not among them.</summary>
    public IReadOnlyList<CallbackDelivery> Deliveries
    {
        get
        {
            lock (gate)
            {
                return [.. jobs.Select(job => new CallbackDelivery(job.Callback, [.. job.Attempts], job.IsHeld))];
            }
        }
    }

    /// <summary>The plan of callbacks of this name; null: <see cref="Plan"/> again.</summary>
    public void PlanFor(string name, CallbackPlan? planOfName)
    {
        lock (gate)
        {
            if (planOfName is null)
            {
                plans.Remove(name);
            }
            else
            {
                plans[name] = planOfName;
            }
        }
    }

    public void Send(Callback callback)
    {
        lock (gate)
        {
            var chosen = plans.GetValueOrDefault(callback.Name, plan);
            for (var copy = 0; copy < chosen.Copies; copy++)
            {
                var job = new Job(callback) { IsHeld = chosen.IsHeld };
                jobs.Add(job);
                if (!job.IsHeld)
                {
                    Dispatch(job);
                }
            }
        }
    }

    /// <summary>Sends what is held, and of these only those with the name, where one is given. Returns how many there were.</summary>
    public int Release(CallbackOrder order = CallbackOrder.AsSent, string? name = null)
    {
        lock (gate)
        {
            var held = jobs.Where(job => job.IsHeld && (name is null || job.Callback.Name == name)).ToList();
            if (order == CallbackOrder.Reversed)
            {
                held.Reverse();
            }

            foreach (var job in held)
            {
                job.IsHeld = false;
                Dispatch(job);
            }

            return held.Count;
        }
    }

    /// <summary>Ends when nothing is under way: each callback is accepted, given up, or held.</summary>
    public Task IdleAsync(CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            return idle.Task.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        outgoing.Writer.TryComplete();
        await stopping.CancelAsync();
        await sending;
        Task[] rest;
        lock (gate)
        {
            rest = [.. retries];
        }

        await Task.WhenAll(rest);
        client.Dispose();
        stopping.Dispose();
    }

    private void Dispatch(Job job)
    {
        // Refused only after the end, when nothing goes out any more.
        if (outgoing.Writer.TryWrite(job) && underWay++ == 0)
        {
            idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task SendOutgoingAsync()
    {
        await foreach (var job in outgoing.Reader.ReadAllAsync())
        {
            if (stopping.IsCancellationRequested || await TryAsync(job))
            {
                Finish();
                continue;
            }

            lock (gate)
            {
                var retry = Task.Run(() => RetryAsync(job));
                retries.Add(retry);
                _ = retry.ContinueWith(Forget, TaskScheduler.Default);
            }
        }
    }

    private void Forget(Task retry)
    {
        lock (gate)
        {
            retries.Remove(retry);
        }
    }

    private async Task RetryAsync(Job job)
    {
        foreach (var delay in options.RetryDelays)
        {
            await Task.Delay(delay, options.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested || await TryAsync(job))
            {
                break;
            }
        }

        Finish();
    }

    private void Finish()
    {
        lock (gate)
        {
            if (--underWay == 0)
            {
                idle.SetResult();
            }
        }
    }

    private async Task<bool> TryAsync(Job job)
    {
        var attempt = await PostAsync(job.Callback);
        lock (gate)
        {
            job.Attempts.Add(attempt);
        }

        return attempt.IsAccepted;
    }

    private async Task<CallbackAttempt> PostAsync(Callback callback)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, callback.Url) { Content = new ReadOnlyMemoryContent(callback.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(callback.ContentType);
        foreach (var (name, value) in callback.Headers())
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        timeout.CancelAfter(options.Timeout);
        try
        {
            using var response = await client.SendAsync(request, timeout.Token);
            return new CallbackAttempt((int)response.StatusCode, null);
        }
        catch (HttpRequestException exception)
        {
            return new CallbackAttempt(null, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return new CallbackAttempt(null, "no answer");
        }
    }

    private sealed class Job(Callback callback)
    {
        public Callback Callback { get; } = callback;

        public List<CallbackAttempt> Attempts { get; } = [];

        public bool IsHeld { get; set; }
    }
}
