using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>
/// Sends the sandbox's webhooks over HTTP, signed, until they are accepted. A single host first sends what its last run left unsent; of
/// several hosts each sends its own, and <see cref="SendAbandonedCallbacksWorker"/> what a host that died has left behind. A webhook that
/// two hosts send is a duplicate like any other.
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
) : IHostedLifecycleService
{
    public const string HttpClientName = "sandbox-gateway";
    public const int Parallelism = 32;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly ConcurrentQueue<SandboxCallback> delivered = new();

    // Those between whose plan and whose time their charge may be canceled.
    private readonly ConcurrentDictionary<SandboxCallback, byte> planned = new();

    /// <summary>Sends a webhook that has just been planned, when it is due.</summary>
    public void Send(SandboxCallback callback)
    {
        var delay = callback.DueAt - clock.GetUtcNow();
        if (delay > TimeSpan.Zero)
        {
            planned[callback] = 0;
        }

        queue.Add(callback, delay);
    }

    /// <summary>Sends a webhook that was planned before, perhaps by another host.</summary>
    public void SendStored(SandboxCallback callback)
    {
        planned[callback] = 0;
        Send(callback);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>Only after everything has started: the server does not know its own port any earlier.</remarks>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var url = options.Value.WebhookUrl ?? OwnWebhook(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        queue.Start(Parallelism, (callback, stopping) => DeliverAsync(url, callback, stopping));
        if (leases.Several)
        {
            return;
        }

        foreach (var callback in await ledger.UndeliveredAsync())
        {
            SendStored(callback);
        }
    }

    /// <remarks>Before the server stops accepting requests, so that no webhook is sent to a closed port.</remarks>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await queue.StopAsync();
        await StoreDeliveredAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stores which webhooks were accepted since the last call. A crash sends them again, which has no effect.</summary>
    public async Task StoreDeliveredAsync()
    {
        // Taken out before they are stored: of two calls at once neither may take out what the other one stores.
        List<SandboxCallback> callbacks = [];
        while (delivered.TryDequeue(out var callback))
        {
            callbacks.Add(callback);
        }

        if (callbacks.Count == 0)
        {
            return;
        }

        var isStored = false;
        try
        {
            await ledger.DeliveredAsync(callbacks);
            isStored = true;
        }
        finally
        {
            // What could not be stored comes again with the next call.
            callbacks.ForEach(callback =>
            {
                if (!isStored)
                {
                    delivered.Enqueue(callback);
                }
            });
        }
    }

    /// <summary>This server's webhook at an address that a client can call; a wildcard address becomes the loopback address.</summary>
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

    private async Task<bool> DeliverAsync(Uri url, SandboxCallback callback, CancellationToken cancellationToken)
    {
        if (
            callback.Type == WebhookTypes.Confirmed
            && planned.ContainsKey(callback)
            && await ledger.FindAsync(callback.PaymentId) is { Outcome: SandboxState.Canceled }
        )
        {
            // The charge took no money: there is nothing to tell.
            Done(callback);
            return true;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                callback.Type,
                Data = new
                {
                    callback.ExternalId,
                    callback.PaymentId,
                    Amount = callback.Detail?.Amount ?? callback.Amount,
                    callback.Currency,
                    callback.Detail?.CaptureId,
                    callback.Detail?.RefundId,
                    callback.Detail?.RefundExternalId,
                    callback.Detail?.DisputeId,
                    callback.Detail?.DisputeState,
                    callback.Detail?.Reason,
                },
            },
            Json
        );
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = JsonType;
        request.Headers.Add(WebhookHeaders.Id, callback.WebhookId);
        request.Headers.Add(WebhookHeaders.Timestamp, timestamp);
        request.Headers.Add(WebhookHeaders.Signature, signatures.Sign(callback.WebhookId, timestamp, body));
        try
        {
            using var response = await clients.CreateClient(HttpClientName).SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                LogNotAccepted(logger, callback.WebhookId, callback.PaymentId, (int)response.StatusCode);
                return false;
            }
        }
        catch (Exception failure)
            when (failure is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogNotReached(logger, callback.WebhookId, callback.PaymentId, failure.Message);
            return false;
        }

        Done(callback);
        return true;
    }

    private void Done(SandboxCallback callback)
    {
        planned.TryRemove(callback, out _);
        delivered.Enqueue(callback);
    }

    [LoggerMessage(
        EventId = 5030,
        Level = LogLevel.Warning,
        Message = "The sandbox's webhook {WebhookId} about payment {PaymentId} was answered with {Status} and will be sent again"
    )]
    private static partial void LogNotAccepted(ILogger logger, string webhookId, Guid paymentId, int status);

    [LoggerMessage(
        EventId = 5031,
        Level = LogLevel.Warning,
        Message = "The sandbox's webhook {WebhookId} about payment {PaymentId} did not arrive and will be sent again: {Reason}"
    )]
    private static partial void LogNotReached(ILogger logger, string webhookId, Guid paymentId, string reason);
}
