using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Sessions;

/// <summary>Ends one session: a copy of its cookie is worth nothing from now on.</summary>
internal static class EndSession
{
    internal sealed class Handler(AccountsDbContext db) : IRequestHandler<Contracts.EndSession, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Contracts.EndSession request, CancellationToken cancellationToken)
        {
            await db
                .Sessions.Where(session => session.Id == request.SessionId && session.UserId == request.UserId)
                .ExecuteDeleteAsync(cancellationToken);
            return default(Done);
        }
    }
}
