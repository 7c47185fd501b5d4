using System.Diagnostics;
using System.Threading.Channels;
using TicketBooth.LoadTests.Figures;

namespace TicketBooth.LoadTests.Loads;

/// <summary>
/// Asks at a fixed rate, however slowly the host answers, as people do who do not know of each other. The time of a request begins when it was
/// to be sent. So a host that stands still for a second is seen by every request of that second, and not by those alone that were in flight
/// ("coordinated omission").
/// </summary>
/// <param name="host">Whom to ask.</param>
/// <param name="rate">Requests a second.</param>
/// <param name="duration">How long.</param>
/// <param name="connections">The most requests that are in flight. One that finds no connection waits, and its time runs.</param>
internal sealed class OpenLoop(Uri host, double rate, TimeSpan duration, int connections = 256)
{
    private int Count => (int)(rate * duration.TotalSeconds);

    /// <param name="next">The request with a number, counted from 0. It is called when the request is to be sent.</param>
    /// <param name="answered">Sees every answer, from several threads.</param>
    public async Task<OpenLoopResult> RunAsync(Func<int, Request> next, Action<Request, HttpAnswer> answered)
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => HttpConnection.OpenAsync(host)));
        try
        {
            var due = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleWriter = true });
            var done = new Done[Count];
            var watch = Stopwatch.StartNew();
            var pacing = Task.Factory.StartNew(
                () => Pace(watch, due.Writer),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
            await Task.WhenAll(
                opened.Select(async connection =>
                {
                    await foreach (var number in due.Reader.ReadAllAsync())
                    {
                        var request = next(number);
                        var answer = await connection.SendAsync(request.Bytes);
                        done[number] = new Done(request.Kind, answer.Status, watch.Elapsed - DueAt(number));
                        answered(request, answer);
                    }
                })
            );
            await pacing;
            return new OpenLoopResult(done, watch.Elapsed);
        }
        finally
        {
            Array.ForEach(opened, connection => connection.Dispose());
        }
    }

    private TimeSpan DueAt(int number) => TimeSpan.FromSeconds(number / rate);

    private void Pace(Stopwatch watch, ChannelWriter<int> due)
    {
        for (var number = 0; number < Count; number++)
        {
            while (DueAt(number) > watch.Elapsed)
            {
                Thread.Sleep(1);
            }

            due.TryWrite(number);
        }

        due.Complete();
    }
}

/// <param name="Time">From when the request was to be sent until its answer was there.</param>
internal readonly record struct Done(string Kind, int Status, TimeSpan Time);

/// <param name="All">In the order in which they were to be sent.</param>
/// <param name="Duration">Until the last answer.</param>
internal sealed record OpenLoopResult(IReadOnlyList<Done> All, TimeSpan Duration)
{
    public double Rate => All.Count / Duration.TotalSeconds;

    public IEnumerable<string> Kinds => All.Select(done => done.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Answers that nobody should get, whatever they asked: faults of the host.</summary>
    public int Faults => All.Count(done => done.Status is < 200 or >= 500);

    public Latencies Times(string? kind = null) => new(All.Where(done => kind is null || done.Kind == kind).Select(done => done.Time));

    public int Count(string kind, int status) => All.Count(done => done.Kind == kind && done.Status == status);
}
