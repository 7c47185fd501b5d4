using Microsoft.AspNetCore.Authorization;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>
/// Who may use an endpoint, as far as that can be said without the framework: anybody, or anybody who has signed in. Endpoints that ask
/// for more, for a role or a session of the back office, have no such mark.
/// </summary>
/// <remarks>
/// The framework's authentication makes a handler, a ticket and several contexts for each request, and its authorization as many again: a
/// quarter of what a request costs (ADR 0039). Here a request without a token passes as nobody, and one with a token that was verified
/// before as its bearer. Only what is left, a new token or an endpoint with further conditions, is the framework's to decide.
/// </remarks>
internal sealed class Access
{
    private static readonly Access Anybody = new();
    private static readonly Access SignedIn = new();

    private Access() { }

    /// <summary>Who may use an endpoint with this metadata; null when that is the framework's to decide.</summary>
    public static Access? Of(IList<object> metadata)
    {
        var conditions = metadata.Where(item => item is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData).ToList();
        return conditions.Count == 0 ? Anybody
            : conditions.TrueForAll(IsToHaveSignedIn) ? SignedIn
            : null;
    }

    /// <summary>Whether the request may reach its endpoint, without another question.</summary>
    public static bool IsGranted(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return true;
        }

        var access = endpoint.Metadata.GetMetadata<Access>();
        return access == Anybody || (access == SignedIn && context.User.Identity is { IsAuthenticated: true });
    }

    private static bool IsToHaveSignedIn(object condition) =>
        condition is AuthorizeAttribute { Policy: null, Roles: null, AuthenticationSchemes: null } and not IAuthorizationRequirementData;
}

internal static class AccessExtensions
{
    // Keeps the web application from adding both by itself, before everything else: UseAccess adds them where they are needed.
    private static readonly string[] NotToBeAdded = ["__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet"];

    public static void AddAccess(this IServiceCollection services) =>
        // The framework checks that authorization has run for every endpoint with conditions. Here it is left out on purpose.
        services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);

    /// <param name="limit">Adds the limits that depend on the user; they come before authorization.</param>
    public static void UseAccess(this WebApplication app, Action<WebApplication> limit)
    {
        foreach (var middleware in NotToBeAdded)
        {
            ((IApplicationBuilder)app).Properties[middleware] = true;
        }

        var remembered = app.Services.GetService<IRememberedUsers>();
        app.UseWhen(context => remembered?.Recognize(context) is not true, strangers => strangers.UseAuthentication());
        limit(app);
        app.UseWhen(context => !Access.IsGranted(context), asked => asked.UseAuthorization());
    }
}
