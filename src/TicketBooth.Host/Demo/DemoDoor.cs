using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Host.Demo;

/// <summary>
/// Somebody who works at the door, and doors that are open although their shows are days ahead, so that there is one to try.
/// </summary>
internal static class DemoDoor
{
    private const int ThirtyDays = 30 * 24 * 60;

    public static async Task OpenAsync(IMediator mediator, string email, string password, CancellationToken cancellationToken)
    {
        var clerk = Succeed(await mediator.Send(new RegisterUser("Dora", email, password), cancellationToken));
        Succeed(await mediator.Send(new ChangeUserRoles(clerk.Id, [Roles.Door]), cancellationToken));
        foreach (var shown in Succeed(await mediator.Send(new FindEvents(Status: EventStatus.Published), cancellationToken)).Items)
        {
            Succeed(await mediator.Send(new ChangeDoorRules(shown.Id, new DoorRules(OpensMinutesBefore: ThirtyDays)), cancellationToken));
        }
    }

    private static T Succeed<T>(Result<T> result) =>
        result.Error is { } error
            ? throw new InvalidOperationException($"The demo door cannot be opened: {error.Code}. {error.Detail}")
            : result.Value;
}
