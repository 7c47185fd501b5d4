using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The users whose access tokens were verified before, so that a further request of theirs costs a look-up.</summary>
public interface IRememberedUsers
{
    /// <summary>
    /// The user of a request whose token is known to hold now. Null when there is something to verify, or to ask a store for.
    /// </summary>
    ClaimsPrincipal? Find(HttpContext context);
}
