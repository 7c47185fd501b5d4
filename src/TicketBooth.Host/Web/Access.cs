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
    // The branches have them. The web application would otherwise put both before everything else.
    private static readonly string[] NotToBeAdded = ["__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet"];

    public static void AddAccess(this IServiceCollection services) =>
        // It would find that the framework's authorization was left out, which is the point.
        services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);

    /// <param name="limit">Adds what needs to know the user, and may refuse them whatever they are allowed to.</param>
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
