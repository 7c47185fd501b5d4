using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Whether the settings of Stripe can be used. No message shows a key or a secret.</summary>
internal sealed partial class StripeSettings(IHostEnvironment environment) : IValidateOptions<StripeOptions>
{
    public const string Section = "Payments:Stripe";

    public ValidateOptionsResult Validate(string? name, StripeOptions options)
    {
        var failures = FailuresOf(options).Select(failure => $"{Section}:{failure}").ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> FailuresOf(StripeOptions options) =>
        new[]
        {
            KeyFailure(options),
            options.WebhookSecrets.Count == 0 || !options.WebhookSecrets.All(secret => WebhookSecret().IsMatch(secret))
                ? "WebhookSecret: must be the whsec_ secret that Stripe shows for the webhook endpoint; several are separated by a space."
                : null,
            ReturnUrlFailure(options),
            options.StatementDescriptorSuffix is { } suffix && !StatementSuffix().IsMatch(suffix)
                ? "StatementDescriptorSuffix: must be at most 20 signs of ASCII with at least one letter, and none of < > \\ ' \" *."
                : null,
            options.ApiBase is { } address && (options.IsLive || !IsWeb(address))
                ? "ApiBase: is for stand-ins; it must be an http or https address, and a live key is sent to nobody but Stripe."
                : null,
            options.AcceptedCurrencies.Except(StripeAmounts.Supported, StringComparer.Ordinal).FirstOrDefault() is { } unknown
                ? $"Currencies: Stripe takes no payments in '{unknown}'. Write codes of ISO 4217 in capitals."
                : null,
        }.OfType<string>();

    private string? KeyFailure(StripeOptions options) =>
        options.SecretKey is not { } key || !SecretKey().IsMatch(key)
            ? "SecretKey: must be a secret key (sk_test_…, sk_live_…) or a restricted key (rk_test_…, rk_live_…) of Stripe's."
        : options.IsLive && !environment.IsProduction()
            ? "SecretKey: a live key moves real money and is refused outside Production. Use a test key here."
        : null;

    private string? ReturnUrlFailure(StripeOptions options) =>
        options.ReturnUrl is null || !Uri.TryCreate(options.ReturnUrlOf(Guid.Empty), UriKind.Absolute, out var back) || !IsWeb(back)
            ? "ReturnUrl: must be the address that buyers come back to after 3-D Secure, such as https://tickets.example/orders/{orderId}."
        : back.Scheme != Uri.UriSchemeHttps && (options.IsLive || environment.IsProduction())
            ? "ReturnUrl: must be an https address in Production."
        : null;

    private static bool IsWeb(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    [GeneratedRegex(@"\A[sr]k_(test|live)_[A-Za-z0-9_]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SecretKey();

    [GeneratedRegex(@"\Awhsec_[!-~]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex WebhookSecret();

    // 22 with the prefix, which has at least two characters with the star that Stripe puts between them.
    [GeneratedRegex("""\A(?=.*[A-Za-z])[ !#-&(-)+-;=?-\[\]-~]{1,20}\z""", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex StatementSuffix();
}
