using System.Collections.Concurrent;
using System.Text;

namespace TicketBooth.Gateways.Pix;

/// <summary>
/// OAuth 2 by client credentials (RFC 6749), with Basic authentication. A token is bound to the client certificate it was asked for with (RFC 8705).
/// </summary>
public sealed class PixTokens
{
    private readonly ConcurrentDictionary<string, Token> tokens = new(StringComparer.Ordinal);
    private readonly PixStandInOptions options;
    private readonly PixClock clock;

    internal PixTokens(PixStandInOptions options, PixClock clock) => (this.options, this.clock) = (options, clock);

    /// <summary>How many were issued so far.</summary>
    public int Issued { get; private set; }

    /// <summary>From now on every token that was issued is refused, as when the provider turned its keys.</summary>
    public void Revoke() => tokens.Clear();

    internal async Task IssueAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            await RefuseAsync(context, 400, "invalid_request");
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var name = context.Connection.ClientCertificate!.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, false);
        if (!IsClient(context.Request.Headers.Authorization.ToString()) || name != options.ClientId)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"pix\"";
            await RefuseAsync(context, 401, "invalid_client");
            return;
        }

        if (form["grant_type"] != "client_credentials")
        {
            await RefuseAsync(context, 400, form.ContainsKey("grant_type") ? "unsupported_grant_type" : "invalid_request");
            return;
        }

        var scopes = form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (scopes.Except(options.Scopes, StringComparer.Ordinal).Any())
        {
            await RefuseAsync(context, 400, "invalid_scope");
            return;
        }

        scopes = scopes.Length == 0 ? [.. options.Scopes] : scopes;
        var text = PixIds.NewText(43);
        tokens[text] = new(clock.GetUtcNow() + options.TokenLifetime, scopes, context.Connection.ClientCertificate!.Thumbprint);
        Issued++;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["access_token"] = text,
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)options.TokenLifetime.TotalSeconds,
                ["scope"] = string.Join(' ', scopes),
            },
            context.RequestAborted
        );
    }

    /// <summary>401 without a token that holds, 403 for one without the scope.</summary>
    internal PixProblem? Judge(HttpContext context, string scope)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (
            !header.StartsWith("Bearer ", StringComparison.Ordinal)
            || !tokens.TryGetValue(header["Bearer ".Length..], out var token)
            || token.ExpiresAt <= clock.GetUtcNow()
            || token.Thumbprint != context.Connection.ClientCertificate!.Thumbprint
        )
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return PixProblem.Of(401);
        }

        return token.Scopes.Contains(scope, StringComparer.Ordinal) ? null : PixProblem.Forbidden();
    }

    // RFC 6749, 2.3.1: both parts are encoded as in a form before they are joined.
    private bool IsClient(string header)
    {
        const string Scheme = "Basic ";
        Span<byte> bytes = stackalloc byte[header.Length];
        if (!header.StartsWith(Scheme, StringComparison.Ordinal) || !Convert.TryFromBase64String(header[Scheme.Length..], bytes, out var length))
        {
            return false;
        }

        return Encoding.UTF8.GetString(bytes[..length]).Split(':') is [var id, var secret]
            && (Decode(id), Decode(secret)) == (options.ClientId, options.ClientSecret);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, context.RequestAborted);
    }

    private sealed record Token(DateTimeOffset ExpiresAt, string[] Scopes, string Thumbprint);
}
