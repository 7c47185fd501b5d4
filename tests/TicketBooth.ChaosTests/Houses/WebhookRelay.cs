using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>What the relay does with what a gateway tells.</summary>
internal enum WebhookWay
{
    Straight,

    /// <summary>Some seconds later.</summary>
    Late,

    /// <summary>Three times, two of them at once.</summary>
    Doubled,

    /// <summary>What came in two seconds goes on in the opposite order.</summary>
    Reordered,

    /// <summary>Not at all: the gateway is told that it failed, and comes again.</summary>
    Refused,
}

/// <summary>Stands between the gateway and the hosts, as the internet does.</summary>
internal sealed class WebhookRelay : IAsyncDisposable
{
    private static readonly TimeSpan window = TimeSpan.FromSeconds(2);
    private static readonly string[] notPassedOn = ["Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Expect"];

    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(9) };
    private readonly ConcurrentStack<TaskCompletionSource> held = new();
    private readonly WebApplication application;
    private readonly CancellationTokenSource stopping = new();
    private int next;

    private WebhookRelay(WebApplication application) => this.application = application;

    public Uri Address => new(application.Urls.Single());

    /// <summary>Where it goes: any of these.</summary>
    public IReadOnlyList<Uri> Hosts { get; set; } = [];

    public WebhookWay Way { get; set; }

    public static async Task<WebhookRelay> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var relay = new WebhookRelay(builder.Build());
        relay.application.Run(relay.AnswerAsync);
        await relay.application.StartAsync();
        _ = relay.ReleaseAsync();
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await application.DisposeAsync();
        http.Dispose();
        stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        switch (Way)
        {
            case WebhookWay.Late:
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1_000, 6_000)));
                break;
            case WebhookWay.Doubled:
                await Task.WhenAll(PassOnAsync(context.Request, bytes), PassOnAsync(context.Request, bytes));
                break;
            case WebhookWay.Reordered:
                var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                held.Push(turn);
                await turn.Task;
                break;
            case WebhookWay.Refused:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
        }

        context.Response.StatusCode = await PassOnAsync(context.Request, bytes);
    }

    private async Task<int> PassOnAsync(HttpRequest request, byte[] body)
    {
        var hosts = Hosts;
        if (hosts.Count == 0)
        {
            return StatusCodes.Status502BadGateway;
        }

        using var passed = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(hosts[(int)((uint)Interlocked.Increment(ref next) % hosts.Count)], request.Path)
        )
        {
            Content = new ByteArrayContent(body),
        };
        passed.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        foreach (var header in request.Headers.Where(header => !notPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            passed.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
        }

        try
        {
            using var answer = await http.SendAsync(passed);
            return (int)answer.StatusCode;
        }
        catch (Exception silence) when (silence is HttpRequestException or TaskCanceledException or IOException)
        {
            return StatusCodes.Status502BadGateway;
        }
    }

    private async Task ReleaseAsync()
    {
        using var timer = new PeriodicTimer(window);
        while (!stopping.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            // The last one first.
            while (held.TryPop(out var turn))
            {
                turn.SetResult();
                await Task.Delay(10);
            }
        }
    }
}
