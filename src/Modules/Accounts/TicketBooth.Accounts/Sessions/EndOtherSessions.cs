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
        public async Task<Result<Done>> Handle(Contracts.EndOtherSessions request, CancellationToken cancellationToken)
        {
            await db
                .Sessions.Where(session => session.UserId == request.UserId && session.Id != request.Kept)
                .ExecuteDeleteAsync(cancellationToken);
            await db.EndSignInsAsync(request.UserId, clock.GetUtcNow(), cancellationToken);
            return default(Done);
        }
    }
}
