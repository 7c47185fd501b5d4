using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace TicketBooth.Gateways.Tests.Callbacks;

/// <summary>A customer's end of the callbacks: it keeps what came, and answers as it is told.</summary>
public sealed class CallbackReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> received = new();
    private readonly WebApplication application;

    private CallbackReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.Run(ReceiveAsync);
    }

    /// <summary>It stays the same after the receiver is gone.</summary>
    public Uri Url { get; private set; } = null!;

    public IReadOnlyList<Received> All => [.. received];

    /// <summary>The answers to come, by the number of the request; then 200.</summary>
    public Func<int, int> Answer { get; set; } = _ => 200;

    public static async Task<CallbackReceiver> StartAsync()
    {
        var receiver = new CallbackReceiver();
        await receiver.application.StartAsync();
        receiver.Url = new Uri(receiver.application.Urls.Single() + "/hook");
        return receiver;
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        received.Enqueue(new Received(body, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        context.Response.StatusCode = Answer(received.Count);
    }

    public sealed record Received(string Body, IReadOnlyDictionary<string, string> Headers);
}
