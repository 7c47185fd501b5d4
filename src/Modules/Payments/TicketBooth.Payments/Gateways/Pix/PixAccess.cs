using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace TicketBooth.Payments.Gateways.Pix;

/// <param name="Text">Null when there is none.</param>
/// <param name="Until">When to ask for another: before it expires.</param>
/// <param name="Failure">Why there is none, with the setting's name in front.</param>
/// <param name="IsOutage">Whether that passes by itself, as far as one can tell: the settings may be right.</param>
internal sealed record PixToken(string? Text, DateTimeOffset Until, string? Failure, bool IsOutage = false);

/// <summary>
/// The right to call the API: a token of OAuth 2 (client credentials), asked for once for all that wait, and kept until shortly before its
/// end.
/// </summary>
internal sealed class PixAccess(IHttpClientFactory clients, IOptions<PixOptions> options, TimeProvider clock)
{
    public const string HttpClientName = "pix";

    private const string Scopes = "cob.write cob.read pix.write pix.read webhook.write webhook.read";
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private PixToken? known;
    private Task<PixToken>? asking;

    /// <summary>A token that holds for a while; without one, why there is none. A failure is not kept: the next call asks again.</summary>
    public Task<PixToken> TokenAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (known is not null && clock.GetUtcNow() < known.Until)
            {
                return Task.FromResult(known);
            }

            // Not for this caller alone, who may give up.
            asking ??= Task.Run(AskAndKeepAsync, CancellationToken.None);
            return asking.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The provider refuses this token: the next call gets another, whoever has noticed it first.</summary>
    public void Forget(PixToken token)
    {
        lock (gate)
        {
            known = ReferenceEquals(known, token) ? null : known;
        }
    }

    private async Task<PixToken> AskAndKeepAsync()
    {
        PixToken? asked = null;
        try
        {
            asked = await AskAsync();
            return asked;
        }
        finally
        {
            lock (gate)
            {
                known = asked?.Text is null ? null : asked;
                asking = null;
            }
        }
    }

    private async Task<PixToken> AskAsync()
    {
        var settings = options.Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.TokenUrl);

        // RFC 6749, 2.3.1: both parts are encoded as in a form before they are joined.
        var pair = $"{Uri.EscapeDataString(settings.ClientId!)}:{Uri.EscapeDataString(settings.ClientSecret!)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", Scopes)]);
        try
        {
            using var response = await clients.CreateClient(HttpClientName).SendAsync(request);
            return Read(response.StatusCode, await response.Content.ReadAsByteArrayAsync());
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            var why = $"the provider cannot be reached there: {PixApi.ReasonOf(failure)}";
            return None(nameof(PixOptions.TokenUrl), why) with { IsOutage = PixApi.IsOutage(failure) };
        }
    }

    private PixToken Read(HttpStatusCode status, byte[] body)
    {
        AccessToken? answer = null;
        try
        {
            answer = JsonSerializer.Deserialize(body, PixDocuments.Default.AccessToken);
        }
        catch (JsonException)
        {
            // No answer of a token endpoint; the status tells.
        }

        if (status == HttpStatusCode.OK && answer?.Text is { Length: > 0 } text)
        {
            var life = answer.Seconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : DefaultLife;
            var margin = life / 5 < LongestMargin ? life / 5 : LongestMargin;
            return new PixToken(text, clock.GetUtcNow() + life - margin, Failure: null);
        }

        return (answer?.Error, status) switch
        {
            ("invalid_scope", _) => None(nameof(PixOptions.ClientId), $"the provider does not grant all of these rights: {Scopes}."),
            ("invalid_client" or "unauthorized_client", _) or (_, HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) => None(
                nameof(PixOptions.ClientSecret),
                "the provider refuses this secret for this ClientId and Certificate."
            ),
            _ => None(nameof(PixOptions.TokenUrl), $"the provider answered {(int)status} instead of a token.") with
            {
                IsOutage = (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout,
            },
        };
    }

    private static PixToken None(string setting, string why) => new(Text: null, default, $"{PixOptions.Section}:{setting}: {why}");
}
