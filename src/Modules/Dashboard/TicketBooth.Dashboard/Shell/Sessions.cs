using System.Runtime.ExceptionServices;
using System.Security.Claims;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Claims = TicketBooth.BuildingBlocks.Web.Claims;

namespace TicketBooth.Dashboard.Shell;

/// <summary>
/// Sessions of the back office: a cookie that names a session. The Accounts module stores the session, and is asked at every request
/// whether it has ended: after a sign-out a copy of the cookie is worth nothing.
/// </summary>
internal static class Sessions
{
    public const string Scheme = "BackOffice";

    /// <summary>Between the password and the second factor.</summary>
    public const string SecondStepScheme = "BackOfficeSecondStep";

    private const string SessionClaim = "session";
    private const string StampClaim = "stamp";

    // An item of the request: why its session could not be checked.
    private const string Unknown = "TicketBooth.UnknownSession";

    private static readonly TimeSpan SecondStepTime = TimeSpan.FromMinutes(5);

    public static void AddTo(IServiceCollection services)
    {
        services
            .AddAuthentication()
            .AddCookie(Scheme, cookie =>
            {
                ShapeCookie(cookie, "ticketbooth.backoffice");
                cookie.SlidingExpiration = false;
                cookie.LoginPath = PageArea.Path + "/sign-in";
                cookie.ReturnUrlParameter = "returnUrl";
                cookie.Events.OnValidatePrincipal = CheckAsync;
                var redirect = cookie.Events.OnRedirectToLogin;
                cookie.Events.OnRedirectToLogin = context =>
                {
                    ThrowIfUnknown(context.HttpContext);

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
                (cookie, dashboard) => cookie.ExpireTimeSpan = TimeSpan.FromHours(dashboard.Value.SessionLimitHours)
            );
    }

    /// <summary>
    /// Signs in, or continues after something that ended all sessions of this user. Returns why not, when that happened again meanwhile.
    /// </summary>
    public static async Task<Error?> BeginSessionAsync(this HttpContext context, SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(user);
        await context.SignOutAsync(SecondStepScheme);
        var begun = await context
            .RequestServices.GetRequiredService<IMediator>()
            .Send(
                new BeginSession(
                    user.Id,
                    user.SecurityStamp,
                    context.Request.Headers.UserAgent.ToString(),
                    context.Connection.RemoteIpAddress?.ToString() ?? "",
                    TimeSpan.FromHours(OptionsOf(context).SessionLimitHours)
                ),
                context.RequestAborted
            );
        if (begun.IsSuccess)
        {
            await context.SignInAsync(Scheme, Principal(user, Scheme, new Claim(SessionClaim, begun.Value.ToString())));
        }

        return begun.Error;
    }

    /// <summary>Remembers that the password was right until the second factor is entered.</summary>
    public static Task BeginSecondStepAsync(this HttpContext context, SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(user);
        return context.SignInAsync(
            SecondStepScheme,
            Principal(user with { Roles = [] }, SecondStepScheme, new Claim(StampClaim, user.SecurityStamp))
        );
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
        await context
            .RequestServices.GetRequiredService<IMediator>()
            .Send(new EndSession(context.User.Id(), context.User.SessionId()), CancellationToken.None);
        await context.SignOutAsync(SecondStepScheme);
        await context.SignOutAsync(Scheme);
    }

    /// <summary>Whether the user of a long request for a page, such as a stream of events, is still signed in as staff.</summary>
    public static async Task<bool> IsStillStaffAsync(this HttpContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await ResumeAsync(context, context.User, isRequest: false, cancellationToken) is not null;
    }

    /// <summary>The session of this request. Only for pages that require a policy of the back office.</summary>
    public static Guid SessionId(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Guid.Parse(user.FindFirstValue(SessionClaim)!);
    }

    /// <summary>How long a session lasts without a request.</summary>
    public static TimeSpan LongestIdle(this HttpContext context) => TimeSpan.FromHours(OptionsOf(context).SessionHours);

    private static void ShapeCookie(CookieAuthenticationOptions options, string name)
    {
        options.Cookie.Name = name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

        // Not Strict, so that a link in an e-mail opens an order without a new sign-in. Forms of other sites send no cookie either way.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.Path = PageArea.Path;
    }

    private static DashboardOptions OptionsOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<DashboardOptions>>().Value;

    private static ClaimsPrincipal Principal(SessionUser user, string scheme, Claim proof) =>
        new(
            new ClaimsIdentity(
                [
                    new Claim(Claims.UserId, user.Id.ToString()),
                    new Claim(Claims.Name, user.Name),
                    proof,
                    .. user.Roles.Select(role => new Claim(Claims.Role, role)),
                ],
                scheme,
                Claims.Name,
                Claims.Role
            )
        );

    private static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var cookie = context.Principal!;
        try
        {
            if (await ResumeAsync(context.HttpContext, cookie, isRequest: true, context.HttpContext.RequestAborted) is { } user)
            {
                context.ReplacePrincipal(Principal(user, Scheme, cookie.FindFirst(SessionClaim)!));
                return;
            }
        }
        catch (Exception outage)
            when (context.HttpContext.RequestServices.GetRequiredService<IOutageDetector>().IsOutage(outage))
        {
            // Nobody knows whose session it is. The page that says so must be shown without asking again.
            context.HttpContext.Items[Unknown] = outage;
            context.RejectPrincipal();
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }

    /// <summary>A page that needs a session fails as its check did, instead of asking for a new one.</summary>
    private static void ThrowIfUnknown(HttpContext context)
    {
        if (context.Items[Unknown] is Exception outage)
        {
            ExceptionDispatchInfo.Throw(outage);
        }
    }

    /// <summary>Null when the session has ended, or when its user is not staff any more.</summary>
    private static async Task<SessionUser?> ResumeAsync(
        HttpContext context,
        ClaimsPrincipal cookie,
        bool isRequest,
        CancellationToken cancellationToken
    )
    {
        // A cookie of an earlier release names no session.
        if (!Guid.TryParse(cookie.FindFirstValue(SessionClaim), out var sessionId))
        {
            return null;
        }

        var resumed = await context
            .RequestServices.GetRequiredService<IMediator>()
            .Send(new ResumeSession(sessionId, context.LongestIdle(), isRequest), cancellationToken);
        return resumed.IsSuccess && resumed.Value.IsStaff() ? resumed.Value : null;
    }
}

internal static class SessionUserExtensions
{
    /// <summary>Whether they work in the house: also at the door, which opens no page of the back office.</summary>
    public static bool IsStaff(this SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Roles.Intersect([Roles.Clerk, Roles.Admin, Roles.Door], StringComparer.Ordinal).Any();
    }
}
