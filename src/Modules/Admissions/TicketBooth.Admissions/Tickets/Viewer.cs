using System.Security.Claims;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Who looks at tickets: somebody who has signed in, or somebody with a link.</summary>
internal readonly record struct Viewer(Guid? UserId, bool IsStaff, string? Link = null)
{
    /// <summary>Another module that asks: that is not about a person who looks.</summary>
    public static Viewer OtherModule { get; } = new(Guid.Empty, IsStaff: true);

    public static Viewer Of(ClaimsPrincipal user, string? link = null) =>
        user.Identity is { IsAuthenticated: true } ? new(user.Id(), user.IsStaff(), link) : new(null, IsStaff: false, link);
}
