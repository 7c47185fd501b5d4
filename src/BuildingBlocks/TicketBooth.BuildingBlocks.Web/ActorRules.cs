using FluentValidation;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>What holds for everybody who is written down.</summary>
public sealed class ActorRules : AbstractValidator<Actor>
{
    public ActorRules() => RuleFor(actor => actor.Name).NotNull().MaximumLength(200);
}
