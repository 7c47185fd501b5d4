using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Sessions;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Begins a sign-in over REST for whoever has a session, so that they need not type their password twice.</summary>
internal static class SignInFromSession
{
    internal sealed class Handler(AccountsDbContext db, RefreshTokens refreshTokens, AccessTokens accessTokens, TimeProvider clock)
        : IRequestHandler<Contracts.SignInFromSession, Result<IssuedTokens>>
    {
        public async Task<Result<IssuedTokens>> Handle(Contracts.SignInFromSession request, CancellationToken cancellationToken)
        {
            var user = await db
                .Sessions.Active(clock.GetUtcNow(), request.LongestIdle)
                .Where(session => session.Id == request.SessionId)
                .Join(db.Users, session => session.UserId, user => user.Id, (_, user) => user)
                .AsNoTracking()
                .FirstOrDefaultAsync(cancellationToken);
            if (user is null)
            {
                return AccountsErrors.SessionEnded;
            }

            var started = await refreshTokens.StartFamilyAsync(user, device: null, cancellationToken);
            if (started.Error is { } error)
            {
                return error;
            }

            return await db.FindBearerAsync(user.Id, cancellationToken) is { Roles.Count: > 0 } bearer
                ? new IssuedTokens(
                    accessTokens.Issue(bearer, started.Value.SignIn),
                    "Bearer",
                    (int)accessTokens.Lifetime.TotalSeconds,
                    started.Value.Token
                )
                : AccountsErrors.SessionEnded;
        }
    }
}
