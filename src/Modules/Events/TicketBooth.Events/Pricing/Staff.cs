using System.Security.Claims;
using FluentValidation;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using Claims = TicketBooth.BuildingBlocks.Web.Claims;

namespace TicketBooth.Events.Pricing;

/// <summary>Who changes events and prices, as it is written down.</summary>
internal static class Staff
{
    public static Actor ToActor(this ClaimsPrincipal user) => new(user.Id(), user.FindFirstValue(Claims.Name) ?? "");
}

/// <summary>What holds for everybody who is written down.</summary>
internal sealed class ActorRules : AbstractValidator<Actor>
{
    public ActorRules() => RuleFor(actor => actor.Name).NotNull().MaximumLength(200);
}
