using System.Security.Claims;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using Claims = TicketBooth.BuildingBlocks.Web.Claims;

namespace TicketBooth.Events.Pricing;

/// <summary>Who changes prices, as it is written down.</summary>
internal static class Staff
{
    public static Actor ToActor(this ClaimsPrincipal user) => new(user.Id(), user.FindFirstValue(Claims.Name) ?? "");
}
