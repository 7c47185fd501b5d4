using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Contracts;

/// <summary>When and how often an event's tickets open its door.</summary>
/// <param name="OpensMinutesBefore">Minutes before the start, 0 to 43,200 (30 days).</param>
/// <param name="ClosesMinutesAfter">Minutes after the start, 0 to 43,200.</param>
/// <param name="ReEntry">Whether a ticket that has left opens the door again.</param>
/// <param name="Transfers">How often a ticket may be given to somebody else, 0 to 10.</param>
public sealed record DoorRules(int OpensMinutesBefore = 120, int ClosesMinutesAfter = 240, bool ReEntry = false, int Transfers = 1);

/// <summary>An event's rules, and what follows from them.</summary>
/// <param name="OpensAt">When the door opens.</param>
/// <param name="ClosesAt">When it closes.</param>
public sealed record DoorTimes(Guid EventId, DoorRules Rules, DateTimeOffset OpensAt, DateTimeOffset ClosesAt);

/// <summary>Queries the rules of an event's door. Fails with <c>event-not-found</c>, also for a draft.</summary>
public sealed record GetDoorRules(Guid EventId) : IRequest<Result<DoorTimes>>;

/// <summary>
/// Changes the rules of an event's door. They count within a second at every host. Fails with <c>event-not-found</c> or
/// <c>validation-failed</c>.
/// </summary>
/// <param name="By">Who does it; null for the system.</param>
public sealed record ChangeDoorRules(Guid EventId, DoorRules Rules, Actor? By = null) : IRequest<Result<DoorTimes>>, IStaffAction
{
    string IStaffAction.Kind => "change-door-rules";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}
