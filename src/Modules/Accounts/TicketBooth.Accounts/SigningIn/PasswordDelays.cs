using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// Delays whoever sends wrong passwords, by e-mail address and network address together: guesses from elsewhere lock nobody out of their
/// own account. An e-mail address that nobody has is delayed like any other, so a delay does not tell which ones exist. Sign-ups that find
/// an address taken count by network address alone: whoever asks for many addresses learns about few.
/// </summary>
internal sealed class PasswordDelays(AccountsDbContext db)
{
    /// <param name="email">Normalized.</param>
    /// <param name="from">The client's network address, as limits count it.</param>
    public static byte[] KeyOf(string email, string from) => SHA256.HashData(Encoding.UTF8.GetBytes(email + '\n' + from));

    /// <summary>Of the sign-ups of a network address; no e-mail address has a line break.</summary>
    public static byte[] KeyOfSignUps(string from) => KeyOf("\nsign-up", from);

    /// <summary>Of the requests for a new password that come from a network address.</summary>
    public static byte[] KeyOfResetsFrom(string from) => KeyOf("\nreset", from);

    /// <summary>Of the mails with a token for a new password to an e-mail address, wherever they were asked for.</summary>
    public static byte[] KeyOfResetsFor(string email) => KeyOf("\nreset-mail", email);

    /// <summary>Of the requests to buy as a guest that come from a network address.</summary>
    public static byte[] KeyOfGuestsFrom(string from) => KeyOf("\nguest", from);

    /// <summary>Of the mails to a guest's e-mail address, wherever they were asked for.</summary>
    public static byte[] KeyOfGuestMailsFor(string email) => KeyOf("\nguest-mail", email);

    /// <summary>Of the mails that confirm another address of an account.</summary>
    public static byte[] KeyOfEmailChangesOf(Guid userId) => KeyOf("\nemail-change", userId.ToString());

    /// <summary>Of the mails that confirm an address as another one of some account.</summary>
    public static byte[] KeyOfEmailChangesTo(string email) => KeyOf("\nemail-change-mail", email);

    /// <summary>How long a client must still wait; null when it need not.</summary>
    public Task<TimeSpan?> FindAsync(byte[] key, DateTimeOffset now, CancellationToken cancellationToken) =>
        FindAsync(key, AccountRules.DelayAfter, now, cancellationToken);

    /// <summary>How long a network address must still wait before its next sign-up; null when it need not.</summary>
    /// <param name="from">The client's network address, as limits count it.</param>
    /// <param name="free">How many sign-ups may find their e-mail address taken without a consequence.</param>
    /// <param name="now">The time of the sign-up.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public Task<TimeSpan?> FindSignUpPauseAsync(string from, int free, DateTimeOffset now, CancellationToken cancellationToken) =>
        FindAsync(KeyOfSignUps(from), taken => taken < free ? TimeSpan.Zero : AccountRules.SignUpPause, now, cancellationToken);

    /// <summary>Counts a request for a mail that comes from a network address, or says how long it must still wait.</summary>
    /// <param name="key">Of the network address.</param>
    /// <param name="now">The time of the request.</param>
    public Task<TimeSpan?> CountRequestAsync(byte[] key, DateTimeOffset now) =>
        TryCountAsync(key, AccountRules.FreeResetsFrom, AccountRules.SignUpPause, now);

    /// <summary>Counts a mail with a token to an address, or says how long none goes to it.</summary>
    /// <param name="key">Of the e-mail address, or the account.</param>
    /// <param name="now">The time of the mail.</param>
    public Task<TimeSpan?> CountMailAsync(byte[] key, DateTimeOffset now) =>
        TryCountAsync(key, AccountRules.FreeResetMails, AccountRules.ResetMailPause, now);

    /// <remarks>The database counts, so that attempts at other hosts count too; a caller who disconnects cannot cancel it.</remarks>
    public async Task CountAsync(byte[] key, DateTimeOffset now)
    {
        while (
            await db
                .WrongPasswords.Where(each => each.Key == key)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(each => each.Count, each => each.Count + 1).SetProperty(each => each.LastAt, now),
                    CancellationToken.None
                ) == 0
            && !await TryAddAsync(key, now)
        )
        {
            // Another attempt was the first one; this one is added to it.
        }
    }

    public Task ForgetAsync(byte[] key, CancellationToken cancellationToken) =>
        db.WrongPasswords.Where(each => each.Key == key).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Counts, unless that must wait. Of many at once as many get through as there are free: the database decides.</summary>
    private async Task<TimeSpan?> TryCountAsync(byte[] key, int free, TimeSpan pause, DateTimeOffset now)
    {
        var ended = now - pause;
        while (
            await db
                .WrongPasswords.Where(each => each.Key == key && (each.Count < free || each.LastAt <= ended))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(each => each.Count, each => each.Count + 1).SetProperty(each => each.LastAt, now),
                    CancellationToken.None
                ) == 0
        )
        {
            if (await FindAsync(key, count => count < free ? TimeSpan.Zero : pause, now, CancellationToken.None) is { } wait)
            {
                return wait;
            }

            if (await TryAddAsync(key, now))
            {
                return null;
            }
        }

        return null;
    }

    /// <returns>False when another attempt was the first one.</returns>
    private async Task<bool> TryAddAsync(byte[] key, DateTimeOffset now)
    {
        var first = db.WrongPasswords.Add(
            new WrongPasswords
            {
                Key = key,
                Count = 1,
                LastAt = now,
            }
        );
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            return true;
        }
        catch (DbUpdateException failure) when (RelationalStorage.IsDuplicate(failure))
        {
            return false;
        }
        finally
        {
            first.State = EntityState.Detached;
        }
    }

    private async Task<TimeSpan?> FindAsync(
        byte[] key,
        Func<int, TimeSpan> delayAfter,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var wrong = await db.WrongPasswords.AsNoTracking().FirstOrDefaultAsync(each => each.Key == key, cancellationToken);
        return wrong is not null && wrong.LastAt + delayAfter(wrong.Count) - now is { Ticks: > 0 } wait ? wait : null;
    }
}
