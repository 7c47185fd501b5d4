using System.Data.Common;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Tokens;

/// <summary>
/// Learns from the database which sign-ins have ended: their refresh tokens are revoked. The host that ends one reads at once, the others
/// within a second (<see cref="FollowSignOutsWorker"/>).
/// </summary>
internal sealed class SignOuts(
    [FromKeyedServices(AccountsDbContext.Module)] RelationalStorage storage,
    EndedSignIns ended,
    AccessTokens tokens,
    TimeProvider clock
)
{
    private long readUpTo;

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await storage.ConnectAsync(cancellationToken);
        await ReadAsync(connection, cancellationToken);
    }

    /// <summary>What was revoked since the last reading, and a while before: it may have been committed later, and clocks differ.</summary>
    public async Task ReadAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var needed = now - tokens.Lifetime;
        var since = Math.Max(needed.UtcTicks, Volatile.Read(ref readUpTo)) - AccessTokens.ClockTolerance.Ticks;
        var revoked = await connection.ListAsync(
            "SELECT FamilyId, MAX(RevokedAt) FROM RefreshTokens WHERE RevokedAt >= @since GROUP BY FamilyId",
            row => (SignIn: row.GetGuid(0), At: new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero)),
            cancellationToken,
            ("@since", since)
        );
        foreach (var (signIn, at) in revoked)
        {
            ended.Add(signIn, at);
        }

        Volatile.Write(ref readUpTo, now.UtcTicks);
        ended.Forget(needed - AccessTokens.ClockTolerance);
    }
}
