using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.PersonalData;

/// <summary>When a person signed in over the API, oldest first. Nothing of the tokens.</summary>
internal sealed class SignInsOfPerson(AccountsDbContext db) : IPersonalData
{
    public string Section => "signIns";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A sign-in is a row for each time that its tokens were renewed, and those of one follow one another.
        var rows = db
            .RefreshTokens.AsNoTracking()
            .Where(token => token.UserId == person.AccountId)
            .OrderBy(token => token.SignedInAt)
            .ThenBy(token => token.FamilyId)
            .ThenBy(token => token.ExpiresAt)
            .AsAsyncEnumerable();
        RefreshToken? last = null;
        await foreach (var token in rows.WithCancellation(cancellationToken))
        {
            if (last is not null && last.FamilyId != token.FamilyId)
            {
                yield return Item.Of(last);
            }

            last = token;
        }

        if (last is not null)
        {
            yield return Item.Of(last);
        }
    }

    /// <param name="ExpiresAt">When its last token does.</param>
    /// <param name="EndedAt">When it was signed out; null for one that was not.</param>
    internal sealed record Item(DateTimeOffset SignedInAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt)
    {
        public static Item Of(RefreshToken token) => new(token.SignedInAt, token.ExpiresAt, token.RevokedAt);
    }
}
