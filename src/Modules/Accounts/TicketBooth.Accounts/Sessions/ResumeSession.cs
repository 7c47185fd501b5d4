using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Sessions;

/// <summary>Tells whether a session is still valid.</summary>
internal static class ResumeSession
{
    // A write a minute is enough to know whether somebody is still there.
    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);

    internal sealed class Handler(AccountsDbContext db, TimeProvider clock) : IRequestHandler<Contracts.ResumeSession, Result<SessionUser>>
    {
        public async Task<Result<SessionUser>> Handle(Contracts.ResumeSession request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var user = await db
                .Sessions.Active(now, request.LongestIdle)
                .Where(session => session.Id == request.SessionId)
                .Join(db.Users, session => session.UserId, user => user.Id, (_, user) => user)
                .AsNoTracking()
                .FirstOrDefaultAsync(cancellationToken);
            if (user is null)
            {
                return AccountsErrors.SessionEnded;
            }

            if (request.IsRequest)
            {
                var recently = now - SeenInterval;
                await db
                    .Sessions.Where(session => session.Id == request.SessionId && session.SeenAt <= recently)
                    .ExecuteUpdateAsync(set => set.SetProperty(session => session.SeenAt, now), cancellationToken);
            }

            return await db.ToSessionAsync(user, needsSecondFactor: false, cancellationToken);
        }
    }
}
