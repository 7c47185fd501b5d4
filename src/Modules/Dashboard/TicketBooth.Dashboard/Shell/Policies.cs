using Microsoft.AspNetCore.Authorization;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Who may see a page and send its forms: decided by the cookie of the back office, never by an access token.</summary>
internal static class Policies
{
    /// <summary>Clerks and administrators: the default of all pages.</summary>
    public const string Staff = "staff";

    public const string Admin = "admin";

    /// <summary>Whoever may work at the door.</summary>
    public const string Door = "door";

    /// <summary>Only for <see cref="AllowedToAttribute"/>: for forms of people who have not signed in yet.</summary>
    public const string Anybody = "anybody";

    public static void AddTo(AuthorizationOptions options)
    {
        options.AddPolicy(Staff, policy => policy.AddAuthenticationSchemes(Sessions.Scheme).RequireRole(Roles.Clerk, Roles.Admin));
        options.AddPolicy(Admin, policy => policy.AddAuthenticationSchemes(Sessions.Scheme).RequireRole(Roles.Admin));
        options.AddPolicy(
            Door,
            policy => policy.AddAuthenticationSchemes(Sessions.Scheme).RequireRole(Roles.Door, Roles.Clerk, Roles.Admin)
        );
        options.AddPolicy(Anybody, policy => policy.AddAuthenticationSchemes(Sessions.Scheme).RequireAssertion(_ => true));
    }
}
