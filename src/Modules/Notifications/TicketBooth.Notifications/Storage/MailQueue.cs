using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;

namespace TicketBooth.Notifications.Storage;

/// <summary>Adds mails to the queue, hands them out to whoever sends, and takes back what became of them.</summary>
internal sealed class MailQueue(NotificationsDbContext db)
{
    /// <summary>How long a host may take for a mail before another one tries.</summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string ToJson(object data) => JsonSerializer.Serialize(data, Json);

    public static T FromJson<T>(string? json) => JsonSerializer.Deserialize<T>(json ?? "{}", Json)!;

    /// <summary>Adds those mails whose cause has none yet; the caller saves.</summary>
    public async Task AddNewAsync(IReadOnlyCollection<MailRow> mails, CancellationToken cancellationToken)
    {
        var keys = mails.Select(mail => mail.UniqueKey).ToList();
        var known = await db
            .Mails.Where(mail => keys.Contains(mail.UniqueKey))
            .Select(mail => mail.UniqueKey)
            .ToListAsync(cancellationToken);
        db.Mails.AddRange(mails.ExceptBy(known, mail => mail.UniqueKey, StringComparer.Ordinal));
    }

    /// <summary>Numbers of mails that may be sent now, those of a bulk last.</summary>
    public Task<List<long>> FindDueAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        db
            .Mails.Where(mail => mail.State == MailState.Waiting && mail.NextTryAt <= now)
            .OrderBy(mail => mail.IsBulk)
            .ThenBy(mail => mail.NextTryAt)
            .ThenBy(mail => mail.Number)
            .Take(limit)
            .Select(mail => mail.Number)
            .ToListAsync(cancellationToken);

    /// <summary>
    /// Takes those of the mails that are still due, and counts the try. Of several hosts that found the same ones, each mail is taken by
    /// one: the write has the condition.
    /// </summary>
    public async Task<List<MailRow>> ClaimAsync(
        IReadOnlyCollection<long> numbers,
        Guid claim,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (numbers.Count == 0)
        {
            return [];
        }

        await db
            .Mails.Where(mail => numbers.Contains(mail.Number) && mail.State == MailState.Waiting && mail.NextTryAt <= now)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(mail => mail.Claim, claim)
                        .SetProperty(mail => mail.Tries, mail => mail.Tries + 1)
                        .SetProperty(mail => mail.NextTryAt, now + LongestTry),
                cancellationToken
            );
        return await db
            .Mails.AsNoTracking()
            .Where(mail => mail.Claim == claim)
            .OrderBy(mail => mail.IsBulk)
            .ThenBy(mail => mail.Number)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Gives mails back untried: not they have failed, but the way to the server.</summary>
    public Task ReleaseAsync(Guid claim, DateTimeOffset now) =>
        db
            .Mails.Where(mail => mail.Claim == claim && mail.State == MailState.Waiting)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(mail => mail.Claim, (Guid?)null)
                        .SetProperty(mail => mail.Tries, mail => mail.Tries - 1)
                        .SetProperty(mail => mail.NextTryAt, now),
                CancellationToken.None
            );

    /// <summary>It waits for what it is to tell; the try does not count.</summary>
    public Task PostponeAsync(MailRow mail, DateTimeOffset until) =>
        Claimed(mail)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(each => each.Claim, (Guid?)null)
                        .SetProperty(each => each.Tries, each => each.Tries - 1)
                        .SetProperty(each => each.NextTryAt, until),
                CancellationToken.None
            );

    /// <summary>The server has it, or it is not sent. Not canceled: what was sent is not to be sent again.</summary>
    /// <returns>False when somebody else has ended it, or tries it now.</returns>
    public async Task<bool> EndAsync(MailRow mail, MailState state, string? email, string? language, DateTimeOffset now)
    {
        var data = MailKinds.HoldsSecret(mail.Kind) ? null : mail.Data;
        var ended = await Claimed(mail)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(each => each.State, state)
                        .SetProperty(each => each.Claim, (Guid?)null)
                        .SetProperty(each => each.Email, email)
                        .SetProperty(each => each.Language, language)
                        .SetProperty(each => each.Data, data)
                        .SetProperty(each => each.DoneAt, now),
                CancellationToken.None
            );
        return ended > 0;
    }

    /// <summary>Whether its receiver was erased while it was being sent.</summary>
    public Task<bool> IsForgottenAsync(MailRow mail) =>
        db.Mails.AnyAsync(each => each.Number == mail.Number && each.State == MailState.Skipped && each.Email == null);

    /// <summary>A try has failed: the next one comes later, or never.</summary>
    /// <param name="mail">As it was claimed.</param>
    /// <param name="email">Where it was to go.</param>
    /// <param name="failure">What the server said.</param>
    /// <param name="isFinal">The server refuses it for good.</param>
    /// <param name="now">The time of the try.</param>
    public async Task FailAsync(MailRow mail, string? email, string failure, bool isFinal, DateTimeOffset now)
    {
        var text = failure.Length <= NotificationsDbContext.LongestFailure ? failure : failure[..NotificationsDbContext.LongestFailure];
        var pause = isFinal ? null : RetryRules.PauseAfter(mail.Tries);
        var (state, doneAt) = pause is null ? (MailState.Dead, now) : (MailState.Waiting, (DateTimeOffset?)null);
        var next = now + (pause ?? TimeSpan.Zero);
        var data = pause is null && MailKinds.HoldsSecret(mail.Kind) ? null : mail.Data;
        await Claimed(mail)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(each => each.State, state)
                        .SetProperty(each => each.Claim, (Guid?)null)
                        .SetProperty(each => each.Email, email)
                        .SetProperty(each => each.Failure, text)
                        .SetProperty(each => each.Data, data)
                        .SetProperty(each => each.NextTryAt, next)
                        .SetProperty(each => each.DoneAt, doneAt),
                CancellationToken.None
            );
    }

    private IQueryable<MailRow> Claimed(MailRow mail) => db.Mails.Where(each => each.Number == mail.Number && each.Claim == mail.Claim);
}
