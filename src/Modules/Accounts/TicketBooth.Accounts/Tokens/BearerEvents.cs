using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Tokens;

/// <summary>Our changes to the framework's bearer tokens: remembered ones pass at once, refusals are problem documents.</summary>
internal sealed class BearerEvents(RememberedBearers remembered, IOutageDetector outages) : JwtBearerEvents
{
    /// <remarks>
    /// A remembered token is accepted here, because the handler would copy the header, clone its parameters and format dates each time.
    /// Remembered customers do not come here: the host lets them pass by <see cref="RememberedBearers"/>.
    /// </remarks>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (remembered.TryFind(context.HttpContext, out var bearer))
        {
            context.Principal = bearer.User;
            if (bearer.IsStaff)
            {
                return AcceptStaffAsync(context, bearer.Identity);
            }

            context.Success();
        }

        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Principal?.Identity is ClaimsIdentity bearer && StaffTokens.IsStaff(bearer)
            ? RefuseOutdatedAsync(context, bearer)
            : Task.CompletedTask;
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.HandleResponse();
        if (context.AuthenticateFailure is { } failure && outages.IsOutage(failure))
        {
            // The token may be valid: it names a key that another host has created and that cannot be read now.
            return AccountsErrors.Unavailable.ToProblem().ExecuteAsync(context.HttpContext);
        }

        var (error, header) = context.AuthenticateFailure switch
        {
            null => (AccountsErrors.TokenMissing, "Bearer"),
            SecurityTokenExpiredException => (
                AccountsErrors.TokenExpired,
                "Bearer error=\"invalid_token\", error_description=\"The token has expired\""
            ),
            TokenOutdatedException => (
                AccountsErrors.TokenOutdated,
                "Bearer error=\"invalid_token\", error_description=\"The roles have changed\""
            ),
            SignInEndedException => (
                AccountsErrors.TokenEnded,
                "Bearer error=\"invalid_token\", error_description=\"The bearer has signed out\""
            ),
            _ => (AccountsErrors.TokenInvalid, "Bearer error=\"invalid_token\""),
        };
        context.Response.Headers.Append(HeaderNames.WWWAuthenticate, header);
        return error.ToProblem().ExecuteAsync(context.HttpContext);
    }

    private static async Task AcceptStaffAsync(MessageReceivedContext context, ClaimsIdentity bearer)
    {
        await RefuseOutdatedAsync(context, bearer);
        if (context.Result is null)
        {
            context.Success();
        }
    }

    private static async Task RefuseOutdatedAsync(ResultContext<JwtBearerOptions> context, ClaimsIdentity bearer)
    {
        // Somebody who goes away meanwhile is no failure of the authentication, which would be logged as one.
        var staff = context.HttpContext.RequestServices.GetRequiredService<StaffTokens>();
        if (!await staff.IsCurrentAsync(bearer, CancellationToken.None))
        {
            context.Fail(new TokenOutdatedException());
        }
    }
}
