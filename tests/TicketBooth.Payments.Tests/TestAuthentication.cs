using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Payments.Tests;

/// <summary>In place of Accounts: a header names the user and a role.</summary>
internal static class TestAuthentication
{
    public const string Header = "test-user";

    public static void AddTo(WebApplicationBuilder builder) => AddTo(builder.Services);

    public static void AddTo(IServiceCollection services)
    {
        services.AddAuthentication(HeaderScheme.Name).AddScheme<AuthenticationSchemeOptions, HeaderScheme>(HeaderScheme.Name, null);
        services.AddAuthorization();
    }

    private sealed class HeaderScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        public const string Name = "Header";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers[TestAuthentication.Header].ToString().Split(' ') is not [{ Length: > 0 } id, var role])
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var identity = new ClaimsIdentity([new Claim(Claims.UserId, id), new Claim(Claims.Role, role)], Name, Claims.Name, Claims.Role);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
        }
    }
}
