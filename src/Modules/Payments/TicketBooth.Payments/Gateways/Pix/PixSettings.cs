using Microsoft.Extensions.Options;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>Whether <c>Payments:Pix</c> has all that the gateway needs. No message shows a secret.</summary>
internal sealed class PixSettings(TimeProvider clock) : IValidateOptions<PixOptions>
{
    private const int ShortestSecret = 32;

    public ValidateOptionsResult Validate(string? name, PixOptions options)
    {
        var failures = FailuresOf(options).Select(failure => $"{PixOptions.Section}:{failure}").ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> FailuresOf(PixOptions options)
    {
        (string Name, Uri? Url)[] urls =
        [
            (nameof(PixOptions.ApiBase), options.ApiBase),
            (nameof(PixOptions.TokenUrl), options.TokenUrl),
            (nameof(PixOptions.WebhookUrl), options.WebhookUrl),
        ];
        foreach (var (setting, url) in urls)
        {
            if (url is null)
            {
                yield return $"{setting}: is missing.";
            }
            else if (!IsSafe(url))
            {
                yield return $"{setting}: must be an https address without a query; http only on this machine.";
            }
        }

        (string Name, string? Value)[] texts =
        [
            (nameof(PixOptions.ClientId), options.ClientId),
            (nameof(PixOptions.ClientSecret), options.ClientSecret),
            (nameof(PixOptions.Certificate), options.Certificate),
            (nameof(PixOptions.Key), options.Key),
            (nameof(PixOptions.WebhookSecret), options.WebhookSecret),
        ];
        foreach (var (setting, _) in texts.Where(text => string.IsNullOrWhiteSpace(text.Value)))
        {
            yield return $"{setting}: is missing.";
        }

        if (options.WebhookSecrets.Any(secret => secret.Length < ShortestSecret || !secret.All(IsOfAnAddress)))
        {
            yield return $"{nameof(PixOptions.WebhookSecret)}: must have at least 32 letters and digits of ASCII, - and _.";
        }

        if (!string.IsNullOrWhiteSpace(options.Certificate) && PixCertificates.FailureOf(options, clock.GetUtcNow()) is { } wrong)
        {
            yield return wrong;
        }
    }

    private static bool IsSafe(Uri url) =>
        url.IsAbsoluteUri
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
        && url.Query.Length + url.Fragment.Length + url.UserInfo.Length == 0;

    private static bool IsOfAnAddress(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
