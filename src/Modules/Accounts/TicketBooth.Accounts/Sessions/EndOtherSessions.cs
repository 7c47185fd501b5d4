using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Sessions;

/// <summary>Signs a user out everywhere else.</summary>
internal static class EndOtherSessions
{
    internal sealed class Handler(AccountsDbContext db) : IRequestHandler<Contracts.EndOtherSessions, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Contracts.EndOtherSessions request, CancellationToken cancellationToken)
        {
            await db
                .Sessions.Where(session => session.UserId == request.UserId && session.Id != request.Kept)
                .ExecuteDeleteAsync(cancellationToken);
            return default(Done);
        }
    }
}
