using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The users whose access tokens were verified before, so that a further request of theirs costs a look-up.</summary>
public interface IRememberedUsers
{
    /// <summary>
    /// Sets the user of a request whose sender is known: nobody, or a remembered bearer. False when a token must be verified first, or a
    /// store asked.
    /// </summary>
    bool Recognize(HttpContext context);
}
