using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Testing;

/// <summary>
/// Signs in whoever a header names, for tests of one module without Accounts: <c>X-Test-User: &lt;user id&gt; &lt;role&gt; &lt;role&gt;…</c>.
/// Takes the place of any other scheme of the host.
/// </summary>
public static class TestAuthentication
{
    public const string Header = "X-Test-User";

    private const string SchemeName = "Test";

    public static IServiceCollection AddTestAuthentication(this IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Handler>(SchemeName, configureOptions: null);
        return services.PostConfigure<AuthenticationOptions>(options =>
        {
            options.DefaultScheme = SchemeName;
            options.DefaultAuthenticateScheme = SchemeName;
            options.DefaultChallengeScheme = SchemeName;
            options.DefaultForbidScheme = SchemeName;
        });
    }

    /// <summary>A client signed in as a new user with these roles.</summary>
    public static TicketBoothApi SignedIn(this TestHost host, params string[] roles)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.SignedIn(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), roles);
    }

    /// <summary>A client signed in as this user.</summary>
    public static TicketBoothApi SignedIn(this TestHost host, Guid userId, params string[] roles)
    {
        ArgumentNullException.ThrowIfNull(host);
        var client = host.NewClient();
        client.DefaultRequestHeaders.Add(Header, string.Join(' ', [userId.ToString("D", CultureInfo.InvariantCulture), .. roles]));
        return new TicketBoothApi(client);
    }

    private sealed class Handler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[Header].ToString() is not { Length: > 0 } header)
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var parts = header.Split(' ');
            var identity = new ClaimsIdentity([new Claim(Claims.UserId, parts[0]), .. parts.Skip(1).Select(role => new Claim(Claims.Role, role))], SchemeName, Claims.Name, Claims.Role);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
        }
    }
}
