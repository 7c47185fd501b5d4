using System.Security.Claims;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Web;
using Claims = TicketBooth.BuildingBlocks.Web.Claims;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Sessions of the back office: a cookie, which is checked with the Accounts module at every request.</summary>
internal static class Sessions
{
    public const string Scheme = "BackOffice";

    /// <summary>Between the password and the second factor.</summary>
    public const string SecondStepScheme = "BackOfficeSecondStep";

    private const string StampClaim = "stamp";

    private static readonly TimeSpan SecondStepTime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RenewalInterval = TimeSpan.FromMinutes(1);

    public static void AddTo(IServiceCollection services)
    {
        services
            .AddAuthentication()
            .AddCookie(Scheme, cookie =>
            {
                ShapeCookie(cookie, "ticketbooth.backoffice");
                cookie.SlidingExpiration = true;
                cookie.LoginPath = PageArea.Path + "/sign-in";
                cookie.ReturnUrlParameter = "returnUrl";
                cookie.Events.OnValidatePrincipal = CheckAsync;
                var redirect = cookie.Events.OnRedirectToLogin;
                cookie.Events.OnRedirectToLogin = context =>
                {
                    // The form is lost with the session, and its sender must not take it for done.
                    if (HttpMethods.IsPost(context.Request.Method))
                    {
                        context.RedirectUri = QueryHelpers.AddQueryString(context.RedirectUri, "lost", "true");
                    }

                    return redirect(context);
                };
                cookie.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
            })
            .AddCookie(SecondStepScheme, cookie =>
            {
                ShapeCookie(cookie, "ticketbooth.backoffice.secondstep");
                cookie.ExpireTimeSpan = SecondStepTime;
                cookie.SlidingExpiration = false;
            });
        services
            .AddOptions<CookieAuthenticationOptions>(Scheme)
            .Configure<IOptions<DashboardOptions>>(
                (cookie, dashboard) => cookie.ExpireTimeSpan = TimeSpan.FromHours(dashboard.Value.SessionHours)
            );
    }

    /// <summary>Signs in, or renews a session after its security stamp changed.</summary>
    public static async Task BeginSessionAsync(this HttpContext context, SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(user);
        await context.SignOutAsync(SecondStepScheme);
        await context.SignInAsync(Scheme, Principal(user, Scheme));
    }

    /// <summary>Remembers that the password was right until the second factor is entered.</summary>
    public static Task BeginSecondStepAsync(this HttpContext context, SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(user);
        return context.SignInAsync(SecondStepScheme, Principal(user with { Roles = [] }, SecondStepScheme));
    }

    /// <summary>
    /// The user whose password was right and whose second factor is missing, with the security stamp of that moment; null when there is
    /// none.
    /// </summary>
    public static async Task<(Guid UserId, string Stamp)?> FindSecondStepAsync(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var ticket = await context.AuthenticateAsync(SecondStepScheme);
        return ticket.Succeeded ? (ticket.Principal.Id(), ticket.Principal.FindFirstValue(StampClaim)!) : null;
    }

    public static async Task EndSessionAsync(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        await context.SignOutAsync(SecondStepScheme);
        await context.SignOutAsync(Scheme);
    }

    /// <summary>Whether the user of a long request, such as a stream of events, is still signed in as staff.</summary>
    public static async Task<bool> IsStillStaffAsync(this IMediator mediator, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mediator);
        return await ResumeAsync(mediator, user, cancellationToken) is not null;
    }

    private static void ShapeCookie(CookieAuthenticationOptions options, string name)
    {
        options.Cookie.Name = name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

        // Not Strict, so that a link in an e-mail opens an order without a new sign-in. Forms of other sites send no cookie either way.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.Path = PageArea.Path;
    }

    private static ClaimsPrincipal Principal(SessionUser user, string scheme) =>
        new(
            new ClaimsIdentity(
                [
                    new Claim(Claims.UserId, user.Id.ToString()),
                    new Claim(Claims.Name, user.Name),
                    new Claim(StampClaim, user.SecurityStamp),
                    .. user.Roles.Select(role => new Claim(Claims.Role, role)),
                ],
                scheme,
                Claims.Name,
                Claims.Role
            )
        );

    private static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var mediator = context.HttpContext.RequestServices.GetRequiredService<IMediator>();
        if (await ResumeAsync(mediator, context.Principal!, context.HttpContext.RequestAborted) is { } user)
        {
            context.ReplacePrincipal(Principal(user, Scheme));
            context.ShouldRenew =
                context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()
                > context.Properties.IssuedUtc + RenewalInterval;
        }
        else
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
        }
    }

    private static async Task<SessionUser?> ResumeAsync(IMediator mediator, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var resumed = await mediator.Send(new ResumeSession(user.Id(), user.FindFirstValue(StampClaim) ?? ""), cancellationToken);
        return resumed.IsSuccess && resumed.Value.IsStaff() ? resumed.Value : null;
    }
}

internal static class SessionUserExtensions
{
    public static bool IsStaff(this SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Roles.Contains(Roles.Clerk, StringComparer.Ordinal) || user.Roles.Contains(Roles.Admin, StringComparer.Ordinal);
    }
}
