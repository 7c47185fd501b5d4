using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Staff;
using TicketBooth.Accounts.Storage;
using TicketBooth.Accounts.Tokens;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.PersonalData;

/// <summary>
/// Erases a person (ADR 0065). What this module holds goes in one transaction, together with the message that makes every other module
/// remove what it holds; a host that dies meanwhile has done all of this or nothing, and the message is delivered until all have done so.
/// </summary>
internal sealed class AccountEraser(
    AccountsDbContext db,
    IEnumerable<IErasureObstacle> obstacles,
    AccountMessages messages,
    SignOuts signOuts,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    /// <param name="userId">Whose account it is.</param>
    /// <param name="by">The administrator who does it; null for the person.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public async Task<Result<ErasedAccount>> EraseAsync(Guid userId, Actor? by, CancellationToken cancellationToken)
    {
        var refusal = await FindRefusalAsync(userId, by, cancellationToken) ?? await FindObstacleAsync(userId, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var erased = await db.IsolatedAsync(attempt => EraseInIsolationAsync(userId, by, attempt), cancellationToken);
        if (erased.IsSuccess)
        {
            await signOuts.ReadAsync(cancellationToken);
        }

        return erased;
    }

    /// <remarks>An order that is placed between this and the erasure stays as an order of nobody: nothing in it names the person.</remarks>
    private async Task<Error?> FindObstacleAsync(Guid userId, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(each => each.Id == userId, cancellationToken);
        var person = new Person(user.Id, user.EmailConfirmed ? user.Email : null);
        foreach (var each in obstacles)
        {
            if (await each.FindAsync(person, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private async Task<Error?> FindRefusalAsync(Guid userId, Actor? by, CancellationToken cancellationToken)
    {
        if (!await db.MayAdministerAsync(by, cancellationToken))
        {
            return AccountsErrors.RoleLost;
        }

        if (await db.ViewsOfAsync(db.Users.Where(user => user.Id == userId), cancellationToken) is not [var account])
        {
            return AccountsErrors.NoSuchAccount;
        }

        return await db.IsLastAdminAsync(account, cancellationToken) ? AccountsErrors.LastAdmin
            : account.Roles.Any(role => role != Roles.Customer) ? AccountsErrors.StaffAccount
            : null;
    }

    private async Task<Result<ErasedAccount>> EraseInIsolationAsync(Guid userId, Actor? by, CancellationToken cancellationToken)
    {
        if (await FindRefusalAsync(userId, by, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var user = await db.Users.AsNoTracking().SingleAsync(each => each.Id == userId, cancellationToken);
        var now = clock.GetUtcNow();
        await db.UserRoles.Where(role => role.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await db.UserTokens.Where(token => token.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await db.KnownDevices.Where(device => device.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await db.MailTokens.Where(token => token.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await db.GuestTokens.Where(token => token.NormalizedEmail == user.NormalizedEmail).ExecuteDeleteAsync(cancellationToken);
        await db.MailRequests.Where(request => request.NormalizedEmail == user.NormalizedEmail).ExecuteDeleteAsync(cancellationToken);

        // The refresh tokens stay, as hashes of random bits: by them every host learns that the access tokens have ended.
        await db.EndSignInsAsync(userId, now, cancellationToken);
        await db.RestampAsync(userId, cancellationToken);
        await EmptyAsync(userId, now, cancellationToken);
        await messages.TellAsync(
            cancellationToken,
            new AccountErased(userId, user.Name, user.Email!, user.Language, user.EmailConfirmed, now)
        );
        return new ErasedAccount(userId);
    }

    /// <summary>The columns of Identity cannot be null: they get a name that no mail server can have.</summary>
    private Task EmptyAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var nobody = $"{userId:N}@erased.invalid";
        var (email, name) = (normalizer.NormalizeEmail(nobody), normalizer.NormalizeName(nobody));
        return db
            .Users.Where(each => each.Id == userId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(each => each.Name, "")
                        .SetProperty(each => each.SearchName, "")
                        .SetProperty(each => each.Email, nobody)
                        .SetProperty(each => each.NormalizedEmail, email)
                        .SetProperty(each => each.UserName, nobody)
                        .SetProperty(each => each.NormalizedUserName, name)
                        .SetProperty(each => each.EmailConfirmed, false)
                        .SetProperty(each => each.PasswordHash, (string?)null)
                        .SetProperty(each => each.Language, (string?)null)
                        .SetProperty(each => each.TwoFactorEnabled, false)
                        .SetProperty(each => each.LockoutEnd, (DateTimeOffset?)null)
                        .SetProperty(each => each.AccessFailedCount, 0)
                        .SetProperty(each => each.ErasedAt, now),
                cancellationToken
            );
    }
}
