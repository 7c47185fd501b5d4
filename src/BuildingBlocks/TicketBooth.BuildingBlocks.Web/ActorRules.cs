using FluentValidation;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>Validation of an actor in the audit log.</summary>
public sealed class ActorRules : AbstractValidator<Actor>
{
    public ActorRules() => RuleFor(actor => actor.Name).NotNull().MaximumLength(200);
}
