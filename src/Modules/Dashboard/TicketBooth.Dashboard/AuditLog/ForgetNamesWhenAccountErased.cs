using MassTransit;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>
/// Takes the name and the address of an erased person out of the audit log. The read model has only ids. A repeated message finds nothing
/// any more.
/// </summary>
internal sealed class ForgetNamesWhenAccountErased(DashboardDbContext db) : IConsumer<AccountErased>
{
    public async Task Consume(ConsumeContext<AccountErased> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (person, cancellationToken) = (context.Message, context.CancellationToken);
        var (id, email) = (person.AccountId, person.Email.ToLowerInvariant());
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // the database compares; EF Core translates nothing else
        var named = await db
            .AuditLog.Where(line =>
                line.SubjectId == id
                || line.Request.ToLower().Contains(email)
                || (line.Before != null && line.Before.ToLower().Contains(email))
                || (line.After != null && line.After.ToLower().Contains(email))
            )
            .Select(line => line.Id)
            .ToListAsync(cancellationToken);
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        foreach (var lineId in named)
        {
            await CleanAsync(lineId, person, cancellationToken);
        }
    }

    private async Task CleanAsync(Guid lineId, AccountErased person, CancellationToken cancellationToken)
    {
        var line = await db.AuditLog.SingleAsync(each => each.Id == lineId, cancellationToken);
        var isAboutThem = line.SubjectId == person.AccountId;
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
