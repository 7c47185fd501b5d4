using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The roles; a user may have several.</summary>
public static class Roles
{
    public const string Customer = "customer";
    public const string Clerk = "clerk";
    public const string Admin = "admin";

    /// <summary>Lets people in at the door, and nothing else.</summary>
    public const string Door = "door";
}

/// <summary>Names of the claims in our access tokens.</summary>
public static class Claims
{
    public const string UserId = "sub";
    public const string Name = "name";
    public const string Email = "email";
    public const string Role = "role";

    /// <summary>The sign-in that the token came from; its end ends the token.</summary>
    public const string SignIn = "sid";
}

/// <summary>Who sends a request, and who may.</summary>
public static class Users
{
    /// <summary>The signed-in user's id. Only for endpoints that require authorization.</summary>
    public static Guid Id(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return (user as RememberedUser)?.Id
            ?? Guid.Parse(
                user.FindFirstValue(Claims.UserId) ?? throw new InvalidOperationException("The endpoint does not require a signed-in user.")
            );
    }

    /// <summary>The signed-in user as the audit log names them.</summary>
    public static Actor ToActor(this ClaimsPrincipal user) => new(user.Id(), user.FindFirstValue(Claims.Name) ?? "");

    /// <summary>A clerk or an administrator.</summary>
    public static bool IsStaff(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.IsInRole(Roles.Admin) || user.IsInRole(Roles.Clerk);
    }

    public static TBuilder RequireAdmin<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(new AuthorizeAttribute { Roles = Roles.Admin });

    public static TBuilder RequireStaff<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizeAttribute { Roles = $"{Roles.Clerk},{Roles.Admin}" });

    /// <summary>Who may work at the door.</summary>
    public static TBuilder RequireDoor<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizeAttribute { Roles = $"{Roles.Door},{Roles.Clerk},{Roles.Admin}" });
}
