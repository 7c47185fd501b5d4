using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Sessions;

/// <summary>Signs a user out everywhere else.</summary>
internal static class EndOtherSessions
{
    internal sealed class Handler(AccountsDbContext db, TimeProvider clock) : IRequestHandler<Contracts.EndOtherSessions, Result<Done>>
    {
        public Task<Result<Done>> Handle(Contracts.EndOtherSessions request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(
                async attempt =>
                {
                    await db
                        .Sessions.Where(session => session.UserId == request.UserId && session.Id != request.Kept)
                        .ExecuteDeleteAsync(attempt);
                    await db.EndSignInsAsync(request.UserId, clock.GetUtcNow(), attempt);
                    return Result<Done>.From(default(Done));
                },
                cancellationToken
            );
    }
}
