using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>
/// Sends the sandbox's webhooks over HTTP, signed, until they are taken; those of an earlier life of the process first. Of several hosts each sends what it owes, and
/// one of them also what a host that died has left behind. A webhook that two hosts send is a duplicate like any other.
/// </summary>
internal sealed partial class SandboxCallbacks(
    ISandboxLedger ledger,
    RetryQueue<SandboxCallback> queue,
    WebhookSignatures signatures,
    IHttpClientFactory clients,
    IServer server,
    IOptions<SandboxOptions> options,
    ILeases leases,
    TimeProvider clock,
    ILogger<SandboxCallbacks> logger
) : IHostedLifecycleService, IDisposable
{
    public const string HttpClientName = "sandbox-gateway";
    public const int Parallelism = 32;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);

    // Longer than a living host needs to send what is due.
    private static readonly TimeSpan LeftBehindAfter = TimeSpan.FromSeconds(5);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly CancellationTokenSource stop = new();
    private Task sweeping = Task.CompletedTask;

    public void Send(SandboxCallback callback) => queue.Add(callback, callback.DueAt - clock.GetUtcNow());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>Not before everything has started: the server does not know its own port any earlier.</remarks>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var url = options.Value.WebhookUrl ?? OwnWebhook(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        queue.Start(Parallelism, (callback, stopping) => DeliverAsync(url, callback, stopping));
        if (leases.Several)
        {
            sweeping = Task.Run(SweepAsync, CancellationToken.None);
        }
        else
        {
            await SendUndeliveredAsync(dueBefore: null);
        }
    }

    /// <remarks>Before the server stops taking requests, so that no callback meets a closed door.</remarks>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await sweeping;
        await queue.StopAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stop.Dispose();

    /// <summary>This server's webhook at an address that a client can call: "all addresses" is none.</summary>
    internal static Uri OwnWebhook(IEnumerable<string> addresses)
    {
        var own = addresses
            .Select(BindingAddress.Parse)
            .Where(address => !address.IsUnixPipe && !address.IsNamedPipe)
            .OrderBy(address => address.Scheme == Uri.UriSchemeHttp ? 0 : 1)
            .FirstOrDefault()
            ?? throw new OptionsValidationException(
                "Payments:Sandbox",
                typeof(SandboxOptions),
                ["Payments:Sandbox:WebhookUrl: is missing, and this server listens on no address that it could call itself at."]
            );
        var host = own.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : own.Host;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{own.Scheme}://{host}:{own.Port}{ReceiveWebhook.Path}"));
    }

    private async Task SendUndeliveredAsync(DateTimeOffset? dueBefore)
    {
        foreach (var callback in await ledger.UndeliveredAsync(dueBefore))
        {
            Send(callback);
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepEvery, clock);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await leases.TryHoldAsync("sandbox callbacks", 3 * SweepEvery, stop.Token))
                {
                    await SendUndeliveredAsync(clock.GetUtcNow() - LeftBehindAfter);
                }

                await timer.WaitForNextTickAsync(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a store that is away for a moment must not end the sweep
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogSweepFailed(logger, failure);
            }
        }
    }

    private async Task<bool> DeliverAsync(Uri url, SandboxCallback callback, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                callback.Type,
                Data = new
                {
                    callback.ExternalId,
                    callback.PaymentId,
                    callback.Amount,
                    callback.Currency,
                },
            },
            JsonSerializerOptions.Web
        );
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Add(WebhookHeaders.Id, callback.WebhookId);
        request.Headers.Add(WebhookHeaders.Timestamp, timestamp);
        request.Headers.Add(WebhookHeaders.Signature, signatures.Sign(callback.WebhookId, timestamp, body));
        try
        {
            using var response = await clients.CreateClient(HttpClientName).SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                LogNotTaken(logger, callback.WebhookId, callback.PaymentId, (int)response.StatusCode);
                return false;
            }
        }
        catch (Exception failure)
            when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogNotReached(logger, callback.WebhookId, callback.PaymentId, failure.Message);
            return false;
        }

        await ledger.DeliveredAsync(callback);
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The sandbox's webhook {WebhookId} of payment {PaymentId} was answered {Status} and will be sent again"
    )]
    private static partial void LogNotTaken(ILogger logger, string webhookId, Guid paymentId, int status);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The sandbox's webhook {WebhookId} of payment {PaymentId} did not arrive and will be sent again: {Reason}"
    )]
    private static partial void LogNotReached(ILogger logger, string webhookId, Guid paymentId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks that other hosts left behind could not be looked for; will look again")]
    private static partial void LogSweepFailed(ILogger logger, Exception failure);
}
