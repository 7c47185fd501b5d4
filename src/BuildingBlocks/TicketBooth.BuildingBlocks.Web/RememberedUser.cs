using System.Security.Claims;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// The bearer of an access token that was verified before. One object is the user of all their requests, side by side: nobody may add
/// claims to it.
/// </summary>
public sealed class RememberedUser(ClaimsIdentity bearer) : ClaimsPrincipal(bearer)
{
    /// <summary>Null when the token names no user.</summary>
    internal Guid? Id { get; } = Guid.TryParse(bearer.FindFirst(Web.Claims.UserId)?.Value, out var id) ? id : null;
}
