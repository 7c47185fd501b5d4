using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>Believes a header that names the user's id and roles, in place of the tokens that Accounts issues.</summary>
internal sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Header = "X-Test-User";

    public static void AddTo(IServiceCollection services)
    {
        services.AddAuthentication(Header).AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>(Header, configureOptions: null);
        services.AddAuthorization();
    }

    public static void SignIn(HttpClient client, Guid id, params string[] roles) => client.DefaultRequestHeaders.Add(Header, string.Join(',', [id.ToString(), .. roles]));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Header].ToString() is not { Length: > 0 } user)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var parts = user.Split(',');
        var claims = parts.Skip(1).Select(role => new Claim(BuildingBlocks.Web.Claims.Role, role)).Append(new Claim(BuildingBlocks.Web.Claims.UserId, parts[0]));
        var identity = new ClaimsIdentity(claims, Header, BuildingBlocks.Web.Claims.Name, BuildingBlocks.Web.Claims.Role);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Header)));
    }
}
