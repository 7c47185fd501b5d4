using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Recovery;

/// <summary>Answers those who asked for a mail, where their address has an account that may sign in.</summary>
internal sealed class AnswerMailRequestsWorker(IServiceScopeFactory scopes, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)) { Lease = "accounts-answer-mail-requests" }, services)
{
    private const int AtOnce = 100;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        var asked = await db.MailRequests.AsNoTracking().OrderBy(request => request.Id).Take(AtOnce).ToListAsync(cancellationToken);
        await EachAsync(asked, (request, ct) => AnswerAsync(scope.ServiceProvider, request, ct), cancellationToken);
    }

    private async Task AnswerAsync(IServiceProvider services, MailRequest request, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<AccountsDbContext>();
        var delays = services.GetRequiredService<PasswordDelays>();
        var now = Clock.GetUtcNow();
        var key = PasswordDelays.KeyOfResetsFor(request.NormalizedEmail);
        var isTooOften = await delays.CountMailAsync(key, now) is not null;
        await db.IsolatedAsync(
            async attempt =>
            {
                // Who deletes the request answers it.
                if (await db.MailRequests.Where(each => each.Id == request.Id).ExecuteDeleteAsync(attempt) == 1 && !isTooOften)
                {
                    await SendAsync(services, db, request, now, attempt);
                }

                return default(Done);
            },
            cancellationToken
        );
    }

    private static async Task SendAsync(
        IServiceProvider services,
        AccountsDbContext db,
        MailRequest request,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // An account without a password was invited, or is a guest's, who gets one so; one without roles is disabled.
        var user = await db.FindByEmailAsync(request.NormalizedEmail, cancellationToken);
        if (
            user is not ({ PasswordHash: not null } or { IsGuest: true })
            || !await db.UserRoles.AnyAsync(role => role.UserId == user.Id, cancellationToken)
        )
        {
            return;
        }

        var (token, expiresAt) = await services
            .GetRequiredService<MailTokens>()
            .IssueAsync(user.Id, user.Email!, MailToken.PasswordReset, cancellationToken);
        await services
            .GetRequiredService<AccountMessages>()
            .TellAsync(
                cancellationToken,
                new PasswordResetAsked(user.Id, user.Name, user.Email!, user.Language ?? request.Language, token, expiresAt, now)
            );
    }
}
