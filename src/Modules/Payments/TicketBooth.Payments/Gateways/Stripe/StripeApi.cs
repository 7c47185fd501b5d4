using System.Net;
using Microsoft.Extensions.Options;
using Stripe;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Why Stripe gave no answer that can be used.</summary>
internal enum StripeTrouble
{
    /// <summary>It read the request and refuses it; the error says why.</summary>
    Refused,

    /// <summary>The request did not leave us.</summary>
    NotSent,

    /// <summary>The key is wrong, or may not do this.</summary>
    NotAllowed,

    /// <summary>Too many requests; it did nothing.</summary>
    Busy,

    /// <summary>A request with the same idempotency key is still being carried out.</summary>
    InUse,

    /// <summary>It failed itself, and may have done the work.</summary>
    Broken,

    /// <summary>The request was sent and no answer came.</summary>
    Lost,
}

/// <param name="Value">Null when there was trouble.</param>
/// <param name="Error">What Stripe said about it.</param>
/// <param name="Replayed">The answer is the one that Stripe keeps for the idempotency key: the first request has ended.</param>
internal readonly record struct StripeReply<T>(T? Value, StripeTrouble? Trouble, StripeError? Error, bool Replayed)
    where T : class
{
    /// <summary>Stripe has no such object.</summary>
    public bool IsMissing => Trouble == StripeTrouble.Refused && Error?.Code == "resource_missing";

    /// <summary>Stripe certainly did nothing.</summary>
    public bool WasNotDone => Trouble is StripeTrouble.NotSent or StripeTrouble.NotAllowed or StripeTrouble.Busy;
}

/// <summary>Stripe over HTTP. What goes wrong is an answer with its consequence.</summary>
/// <remarks>The library's own retries are off: which failure may be repeated with the same idempotency key is decided here.</remarks>
internal sealed partial class StripeApi(
    IHttpClientFactory clients,
    IOptions<StripeOptions> options,
    TimeProvider clock,
    ILogger<StripeApi> logger
)
{
    public const string HttpClientName = "Stripe";

    private const int MostRepeats = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly Lazy<V1Services> services = new(() =>
        new StripeClient(
            options.Value.SecretKey,
            httpClient: new SystemNetHttpClient(clients.CreateClient(HttpClientName), maxNetworkRetries: 0, enableTelemetry: false),
            apiBase: options.Value.ApiBase?.AbsoluteUri.TrimEnd('/')
        ).V1
    );

    /// <summary>Reads something; once more when the answer was lost.</summary>
    public async Task<StripeReply<T>> ReadAsync<T>(Func<V1Services, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        var reply = await SendAsync(ask, cancellationToken);
        return reply.Trouble == StripeTrouble.Lost ? await SendAsync(ask, cancellationToken) : reply;
    }

    /// <summary>
    /// Changes something once, however often it is sent with this key: once more when the answer was lost, and again while Stripe still
    /// carries out the first. <see cref="StripeTrouble.Lost"/> when it stays unknown whether it was done.
    /// </summary>
    public async Task<StripeReply<T>> WriteAsync<T>(
        string key,
        Func<V1Services, RequestOptions, Task<T>> ask,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var (wasLost, pause) = (false, FirstPause);
        for (var repeats = 0; ; repeats++)
        {
            var reply = await SendAsync(api => ask(api, new RequestOptions { IdempotencyKey = key }), cancellationToken);
            var isOpen = reply.Trouble == StripeTrouble.InUse || (reply.Trouble == StripeTrouble.Lost && !wasLost);
            if (!isOpen || repeats == MostRepeats)
            {
                var isUnknown = reply.Trouble == StripeTrouble.InUse || (wasLost && reply.WasNotDone);
                return isUnknown ? reply with { Trouble = StripeTrouble.Lost } : reply;
            }

            if (reply.Trouble == StripeTrouble.Lost)
            {
                wasLost = true;
                continue;
            }

            await Task.Delay(pause, clock, cancellationToken);
            pause *= 2;
        }
    }

    private async Task<StripeReply<T>> SendAsync<T>(Func<V1Services, Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return new(await ask(services.Value), null, null, Replayed: false);
        }
        catch (StripeException exception)
        {
            var trouble = TroubleOf(exception);
            var response = exception.StripeResponse;
            if (trouble == StripeTrouble.NotAllowed)
            {
                LogNotAllowed(
                    logger,
                    (int)exception.HttpStatusCode,
                    exception.StripeError?.Code,
                    response?.RequestId,
                    exception.StripeError?.Message
                );
            }

            var isReplayed = response?.Headers?.TryGetValues("Idempotent-Replayed", out _) == true;
            return new(null, trouble, exception.StripeError, isReplayed);
        }
        catch (HttpRequestException exception)
        {
            var wasSent = exception.HttpRequestError
                is not (
                    HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError
                );
            return Silent<T>(wasSent, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Silent<T>(wasSent: true, exception);
        }
    }

    private StripeReply<T> Silent<T>(bool wasSent, Exception exception)
        where T : class
    {
        var trouble = wasSent ? StripeTrouble.Lost : StripeTrouble.NotSent;
        LogNoAnswer(logger, trouble, exception.Message);
        return new(null, trouble, null, Replayed: false);
    }

    private static StripeTrouble TroubleOf(StripeException exception) =>
        exception.HttpStatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => StripeTrouble.NotAllowed,
            HttpStatusCode.TooManyRequests => StripeTrouble.Busy,
            HttpStatusCode.Conflict => StripeTrouble.InUse,
            >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => StripeTrouble.Refused,
            >= HttpStatusCode.InternalServerError => StripeTrouble.Broken,
            // An answer that the library cannot read.
            _ => StripeTrouble.Lost,
        };

    [LoggerMessage(
        EventId = 5041,
        Level = LogLevel.Error,
        Message = "Stripe refuses the key of Payments:Stripe:SecretKey: {Status} {Code} (request {RequestId}): {Reason}"
    )]
    private static partial void LogNotAllowed(ILogger logger, int status, string? code, string? requestId, string? reason);

    [LoggerMessage(EventId = 5042, Level = LogLevel.Warning, Message = "Stripe did not answer ({Trouble}): {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, StripeTrouble trouble, string reason);
}
