using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Makes the administrator of the settings when it is missing, so that somebody can appoint all others.</summary>
internal sealed partial class FirstAdministrator(
    AccountsDbContext db,
    IOptions<AdminOptions> options,
    IPasswordHasher<User> hasher,
    ILookupNormalizer normalizer,
    TimeProvider clock,
    ILogger<FirstAdministrator> logger)
{
    private const string DefaultEmail = "admin@localhost";

    // Without the characters that people mix up when they copy from a screen: 24 of 57 are 139 bits.
    private const string PasswordCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var adminRole = StoredRoles.Ids[Roles.Admin];
        if (options.Value.Email is null && await db.UserRoles.AnyAsync(role => role.RoleId == adminRole, cancellationToken))
        {
            return;
        }

        var email = options.Value.Email ?? DefaultEmail;
        var normalized = normalizer.NormalizeEmail(email);
        var existing = await db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.NormalizedEmail == normalized, cancellationToken);
        if (existing is not null)
        {
            if (!(await db.RolesOfAsync(existing.Id, cancellationToken)).Contains(Roles.Admin, StringComparer.Ordinal))
            {
                // Whoever signed up with that address may not be who the settings mean; the role is for an administrator to give.
                LogNotAdministrator(logger, existing.Id);
            }

            return;
        }

        var password = options.Value.Password ?? RandomNumberGenerator.GetString(PasswordCharacters, 24);
        var user = User.New("Administrator", email, "", normalizer, clock.GetUtcNow());
        user.PasswordHash = hasher.HashPassword(user, password);
        await db.TryAddAsync(user, Roles.Admin, cancellationToken);
        LogMade(logger, user.Id);
        if (options.Value.Password is null)
        {
            // To the console and not to the log: logs are kept and passed on.
            await Console.Out.WriteLineAsync(
                $"""

                ================================================================
                  The first administrator was made.
                    e-mail:    {email}
                    password:  {password}
                  The password is shown this once and stored nowhere.
                ================================================================

                """);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the administrator {UserId}")]
    private static partial void LogMade(ILogger logger, Guid userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The account {UserId} has the address of Accounts:Admin:Email but is no administrator; it stays as it is")]
    private static partial void LogNotAdministrator(ILogger logger, Guid userId);
}
