using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>What came back of a call.</summary>
internal enum PixOutcome
{
    Answered,

    /// <summary>The provider has certainly not seen it.</summary>
    NotSent,

    /// <summary>It was sent, and no answer came: it may be done or not.</summary>
    Unclear,
}

/// <param name="Status">Of an answer.</param>
/// <param name="Body">Of an answer.</param>
/// <param name="Failure">Why there is no answer, with the setting's name in front.</param>
/// <param name="IsOutage">Whether that passes by itself, as far as one can tell.</param>
internal sealed record PixReply(PixOutcome Outcome, HttpStatusCode Status, byte[] Body, string? Failure = null, bool IsOutage = false)
{
    public bool IsSuccess => Outcome == PixOutcome.Answered && (int)Status is >= 200 and < 300;

    /// <summary>The API itself says that there is none; not a server on the way that knows no such page.</summary>
    public bool IsNotFound => Status == HttpStatusCode.NotFound && Problem is not null;

    /// <summary>Nothing was done, and what was asked for is not to blame: no right, or too many calls.</summary>
    public bool IsTurnedAway => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests;

    /// <summary>The API understood it and refuses it; asking again changes nothing.</summary>
    public bool IsRefused =>
        Outcome == PixOutcome.Answered && !IsTurnedAway && (int)Status is >= 400 and < 500 and not 408 && Problem is not null;

    public bool IsPassing =>
        Outcome != PixOutcome.Answered || (int)Status >= 500 || Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    public Problem? Problem => Parse(PixDocuments.Default.Problem);

    /// <summary>The document of a success; null when there is none, or it is not what the API promises.</summary>
    public T? Read<T>(JsonTypeInfo<T> type)
        where T : class => IsSuccess ? Parse(type) : null;

    private T? Parse<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Body.Length == 0 ? null : JsonSerializer.Deserialize(Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Calls the provider's API. Failures are replies. Only reading is tried again here: it is harmless every time.</summary>
internal sealed partial class PixApi(
    IHttpClientFactory clients,
    PixAccess access,
    IOptions<PixOptions> options,
    TimeProvider clock,
    ILogger<PixApi> logger
)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(600)];

    private readonly Uri address = new(options.Value.ApiBase!.AbsoluteUri.TrimEnd('/') + "/");

    public async Task<PixReply> GetAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(HttpMethod.Get, path, [], cancellationToken);
        foreach (var pause in Pauses)
        {
            if (!reply.IsPassing)
            {
                break;
            }

            await Task.Delay(pause, clock, cancellationToken);
            reply = await SendAsync(HttpMethod.Get, path, [], cancellationToken);
        }

        return reply;
    }

    public Task<PixReply> SendAsync<T>(HttpMethod method, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(method, path, JsonSerializer.SerializeToUtf8Bytes(body, type), cancellationToken);

    private async Task<PixReply> SendAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        var token = await access.TokenAsync(cancellationToken);
        var reply = await SendAsync(token, method, path, body, cancellationToken);
        if (reply.Status == HttpStatusCode.Unauthorized)
        {
            // The provider forgets tokens when it likes. What it turns away it has not done.
            access.Forget(token);
            token = await access.TokenAsync(cancellationToken);
            reply = await SendAsync(token, method, path, body, cancellationToken);
        }

        if (reply.Outcome != PixOutcome.Answered)
        {
            LogNotAnswered(logger, method.Method, path, reply.Failure!);
        }
        else if (!reply.IsSuccess && !reply.IsNotFound)
        {
            LogRefused(logger, method.Method, path, (int)reply.Status, reply.Problem?.ToString() ?? "");
        }

        return reply;
    }

    private async Task<PixReply> SendAsync(PixToken token, HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        if (token.Text is null)
        {
            return new PixReply(PixOutcome.NotSent, default, [], token.Failure, token.IsOutage);
        }

        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
        }

        try
        {
            using var response = await clients.CreateClient(PixAccess.HttpClientName).SendAsync(request, cancellationToken);
            return new PixReply(PixOutcome.Answered, response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException failure)
        {
            return None(IsBeforeSending(failure) ? PixOutcome.NotSent : PixOutcome.Unclear, failure);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            return None(PixOutcome.Unclear, late);
        }
    }

    internal static string ReasonOf(Exception failure) =>
        failure is OperationCanceledException ? "no answer in time" : failure.GetBaseException().Message;

    /// <summary>Not who cannot be trusted: a wrong certificate, here or there, does not pass.</summary>
    internal static bool IsOutage(Exception failure) =>
        failure is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };

    private static bool IsBeforeSending(HttpRequestException failure) =>
        failure.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    private static PixReply None(PixOutcome outcome, Exception failure) =>
        new(
            outcome,
            default,
            [],
            $"{PixOptions.Section}:{nameof(PixOptions.ApiBase)}: the provider cannot be reached there: {ReasonOf(failure)}",
            IsOutage(failure)
        );

    [LoggerMessage(EventId = 5050, Level = LogLevel.Warning, Message = "Pix's provider answered {Method} {Path} with {Status}: {Problem}")]
    private static partial void LogRefused(ILogger logger, string method, string path, int status, string problem);

    [LoggerMessage(EventId = 5051, Level = LogLevel.Warning, Message = "Pix's provider did not answer {Method} {Path}: {Reason}")]
    private static partial void LogNotAnswered(ILogger logger, string method, string path, string reason);
}
