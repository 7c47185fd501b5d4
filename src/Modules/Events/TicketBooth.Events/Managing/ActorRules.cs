using FluentValidation;
using TicketBooth.BuildingBlocks.Mediation;

namespace TicketBooth.Events.Managing;

/// <summary>What holds for everybody who is written down.</summary>
internal sealed class ActorRules : AbstractValidator<Actor>
{
    public ActorRules() => RuleFor(actor => actor.Name).NotNull().MaximumLength(200);
}
