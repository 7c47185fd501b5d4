using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>The users whose access tokens were verified before, so that a further request of theirs costs a look-up.</summary>
public interface IRememberedUsers
{
    /// <summary>
    /// Whether it is known who sends a request, if anybody; says so in the context. False when there is something to verify, or to ask a
    /// store for.
    /// </summary>
    bool Recognize(HttpContext context);
}
