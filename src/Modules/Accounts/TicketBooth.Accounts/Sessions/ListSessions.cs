using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Sessions;

/// <summary>Where a user is signed in.</summary>
internal static class ListSessions
{
    internal sealed class Handler(AccountsDbContext db, TimeProvider clock)
        : IRequestHandler<Contracts.ListSessions, Result<IReadOnlyList<SessionView>>>
    {
        public async Task<Result<IReadOnlyList<SessionView>>> Handle(Contracts.ListSessions request, CancellationToken cancellationToken) =>
            Result<IReadOnlyList<SessionView>>.From(
                await db
                    .Sessions.Active(clock.GetUtcNow(), request.LongestIdle)
                    .Where(session => session.UserId == request.UserId)
                    .OrderByDescending(session => session.SeenAt)
                    .ThenByDescending(session => session.Id)
                    .Select(session => new SessionView(
                        session.Id,
                        session.BeganAt,
                        session.SeenAt,
                        session.EndsAt,
                        session.Device,
                        session.Address
                    ))
                    .ToListAsync(cancellationToken)
            );
    }
}
