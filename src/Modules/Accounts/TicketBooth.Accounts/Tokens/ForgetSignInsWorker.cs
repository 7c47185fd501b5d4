using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Tokens;

/// <summary>
/// Removes what signed people in and is worth nothing any more. A sign-in removes what is over of the same person; this is for the many
/// who do not come back, and for the addresses of people who never used a token.
/// </summary>
internal sealed class ForgetSignInsWorker(IServiceScopeFactory scopes, IOptions<AccountsOptions> options, WorkServices services)
    : PeriodicWork(
        new WorkSchedule(TimeSpan.FromHours(1)) { Lease = "accounts-forget-sign-ins", Timeout = TimeSpan.FromMinutes(10) },
        services
    )
{
    // Of one client that renewed its tokens for all its time these are some 100,000 tokens.
    private const int FamiliesAtOnce = 10;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        var now = Clock.GetUtcNow();
        await db.Sessions.Where(session => session.EndsAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.MailTokens.Where(token => token.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.GuestTokens.Where(token => token.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await ForgetRefreshTokensAsync(db, now, cancellationToken);
    }

    /// <remarks>
    /// A family's id begins with the time of its sign-in, and no token outlives the longest sign-in. So what is over is one end of the
    /// index over families, whatever the number of tokens.
    /// </remarks>
    private async Task ForgetRefreshTokensAsync(AccountsDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var earliest = TaggedId.Earliest(now.AddDays(-options.Value.LongestSignInDays));
        var over = db.RefreshTokens.Where(token => token.FamilyId.CompareTo(earliest) < 0 && token.ExpiresAt <= now);
        var families = over.Select(token => token.FamilyId).Distinct().OrderBy(id => id).Take(FamiliesAtOnce);
        while (await families.ToListAsync(cancellationToken) is { Count: > 0 } some)
        {
            await over.Where(token => some.Contains(token.FamilyId)).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
