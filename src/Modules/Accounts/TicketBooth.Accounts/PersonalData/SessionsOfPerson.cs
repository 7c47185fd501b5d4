using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.PersonalData;

/// <summary>A person's open sessions at the back office, oldest first.</summary>
internal sealed class SessionsOfPerson(AccountsDbContext db) : IPersonalData
{
    public string Section => "sessions";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sessions = db
            .Sessions.AsNoTracking()
            .Where(session => session.UserId == person.AccountId)
            .OrderBy(session => session.BeganAt)
            .ThenBy(session => session.Id)
            .AsAsyncEnumerable();
        await foreach (var session in sessions.WithCancellation(cancellationToken))
        {
            yield return new Item(session.BeganAt, session.SeenAt, session.EndsAt, session.Device, session.Address);
        }
    }

    internal sealed record Item(DateTimeOffset BeganAt, DateTimeOffset SeenAt, DateTimeOffset EndsAt, string Device, string Address);
}
