using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Makes the administrator of the settings when it is missing, so that somebody can appoint all others.</summary>
/// <remarks>Plain SQL for the reason that <see cref="RelationalStorage.OpenAsync"/> gives.</remarks>
internal sealed partial class FirstAdministrator(
    IOptions<AdminOptions> options,
    IPasswordHasher<User> hasher,
    ILookupNormalizer normalizer,
    TimeProvider clock,
    ILogger<FirstAdministrator> logger
)
{
    private const string DefaultEmail = "admin@localhost";

    // Without the characters that people mix up when they copy from a screen: 24 of 57 are 139 bits.
    private const string PasswordCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    public async Task EnsureAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        const string Administrators = "SELECT UserId FROM AspNetUserRoles WHERE RoleId = @role";
        var adminRole = ("@role", (object)StoredRoles.Ids[Roles.Admin]);
        var administrators = await connection.ListAsync(Administrators, row => row.GetGuid(0), cancellationToken, adminRole);
        if (options.Value.Email is null && administrators.Count > 0)
        {
            return;
        }

        var email = options.Value.Email ?? DefaultEmail;
        var holders = await connection.ListAsync(
            "SELECT Id FROM AspNetUsers WHERE NormalizedEmail = @email",
            row => row.GetGuid(0),
            cancellationToken,
            ("@email", normalizer.NormalizeEmail(email))
        );
        if (holders is [var holder])
        {
            if (!administrators.Contains(holder))
            {
                // Whoever signed up with that address may not be who the settings mean; the role is for an administrator to give.
                LogNotAdministrator(logger, holder);
            }

            return;
        }

        var password = options.Value.Password ?? RandomNumberGenerator.GetString(PasswordCharacters, 24);
        var user = User.New("Administrator", email, "", normalizer, clock.GetUtcNow());
        user.PasswordHash = hasher.HashPassword(user, password);
        try
        {
            await WriteAsync(connection, user, cancellationToken);
        }
        catch (DbException failure) when (RelationalStorage.IsDuplicate(failure))
        {
            // Somebody signed up with the address at a host that runs already, since we looked.
            LogTaken(logger);
            return;
        }

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

                """
            );
        }
    }

    private static async Task WriteAsync(DbConnection connection, User user, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.RunAsync(
            """
            INSERT INTO AspNetUsers(Id, Name, SearchName, Email, NormalizedEmail, UserName, NormalizedUserName, PasswordHash, SecurityStamp, ConcurrencyStamp,
                EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
            VALUES (@id, @name, @search, @email, @normalized, @email, @normalized, @hash, @security, @concurrency, 0, 0, 0, 1, 0)
            """,
            cancellationToken,
            ("@id", user.Id),
            ("@name", user.Name),
            ("@search", user.SearchName),
            ("@email", user.Email!),
            ("@normalized", user.NormalizedEmail!),
            ("@hash", user.PasswordHash!),
            ("@security", user.SecurityStamp!),
            ("@concurrency", user.ConcurrencyStamp!)
        );
        await transaction.RunAsync(
            "INSERT INTO AspNetUserRoles(UserId, RoleId) VALUES (@user, @role)",
            cancellationToken,
            ("@user", user.Id),
            ("@role", StoredRoles.Ids[Roles.Admin])
        );
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the administrator {UserId}")]
    private static partial void LogMade(ILogger logger, Guid userId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Somebody signed up with the address of Accounts:Admin:Email at this moment; no administrator was made"
    )]
    private static partial void LogTaken(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The account {UserId} has the address of Accounts:Admin:Email but is no administrator; it stays as it is"
    )]
    private static partial void LogNotAdministrator(ILogger logger, Guid userId);
}
