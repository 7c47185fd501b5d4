using MassTransit;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>
/// Takes the name and the address of an erased person out of the audit log. The read model has only ids. A repeated message finds nothing
/// any more.
/// </summary>
/// <remarks>
/// Lines about the account are theirs, and so are those of the invitation that made it. Other lines are found by the address, and only by
/// one that was confirmed: anybody signs up with anybody's address, and would take somebody else's name out of the log.
/// </remarks>
internal sealed class ForgetNamesWhenAccountErased(DashboardDbContext db) : IConsumer<AccountErased>
{
    // The kind of InviteStaff, which makes the account and so cannot have it as its subject.
    private const string Invited = "invite-staff";

    public async Task Consume(ConsumeContext<AccountErased> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (person, cancellationToken) = (context.Message, context.CancellationToken);
        var acts = await ActsAboutAsync(person.AccountId, cancellationToken);
        foreach (var lineId in await LinesAsync(acts, person.EmailConfirmed ? person.Email : null, cancellationToken))
        {
            await CleanAsync(lineId, person, acts, cancellationToken);
        }
    }

    private async Task<HashSet<Guid>> ActsAboutAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var named = accountId.ToString();
        return
        [
            .. await db
                .AuditLog.Where(line =>
                    line.SubjectId == accountId || (line.Kind == Invited && line.After != null && line.After.Contains(named))
                )
                .Select(line => line.ActId)
                .ToListAsync(cancellationToken),
        ];
    }

    private async Task<List<Guid>> LinesAsync(HashSet<Guid> acts, string? address, CancellationToken cancellationToken)
    {
        var email = address?.ToLowerInvariant() ?? "";
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // the database compares; EF Core translates nothing else
        return await db
            .AuditLog.Where(line =>
                acts.Contains(line.ActId)
                || (
                    email != ""
                    && (
                        line.Request.ToLower().Contains(email)
                        || (line.Before != null && line.Before.ToLower().Contains(email))
                        || (line.After != null && line.After.ToLower().Contains(email))
                    )
                )
            )
            .Select(line => line.Id)
            .ToListAsync(cancellationToken);
#pragma warning restore CA1304, CA1311, CA1862, MA0011
    }

    private async Task CleanAsync(Guid lineId, AccountErased person, HashSet<Guid> acts, CancellationToken cancellationToken)
    {
        var line = await db.AuditLog.SingleAsync(each => each.Id == lineId, cancellationToken);
        var isAboutThem = acts.Contains(line.ActId);
        var request = ErasedPeople.Remove(line.Request, person.Email, isAboutThem)!;
        var before = ErasedPeople.Remove(line.Before, person.Email, isAboutThem);
        var after = ErasedPeople.Remove(line.After, person.Email, isAboutThem);
        await db
            .AuditLog.Where(each => each.Id == lineId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(each => each.Request, request)
                        .SetProperty(each => each.Before, before)
                        .SetProperty(each => each.After, after),
                cancellationToken
            );
    }
}
