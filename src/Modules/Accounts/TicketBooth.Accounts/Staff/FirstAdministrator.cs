using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Creates the administrator of the settings when it is missing, so that somebody can appoint all others.</summary>
/// <remarks>
/// The last step of a start, when the host serves already: a start that fails must leave no administrator behind whose password was
/// printed. Plain SQL for the reason that <see cref="RelationalStorage.OpenAsync"/> gives.
/// </remarks>
internal sealed partial class FirstAdministrator(
    [FromKeyedServices(AccountsDbContext.Module)] RelationalStorage storage,
    IOptions<AdminOptions> options,
    IPasswordHasher<User> hasher,
    ILookupNormalizer normalizer,
    TimeProvider clock,
    ILogger<FirstAdministrator> logger
) : IHostedLifecycleService
{
    private const string DefaultEmail = "admin@localhost";

    // Without the characters that people confuse when they copy from a screen: 24 characters of 57 are 139 bits.
    private const string PasswordCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await storage.ConnectAsync(cancellationToken);
        await EnsureAsync(connection, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsureAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var administrators = await AdministratorsAsync(connection, cancellationToken);
        if (options.Value.Email is null && administrators.Count > 0)
        {
            return;
        }

        var email = options.Value.Email ?? DefaultEmail;
        if (await HoldersAsync(connection, email, cancellationToken) is [var holder])
        {
            if (!administrators.Contains(holder))
            {
                // Whoever signed up with that address may not be the person of the settings; only an administrator may give the role.
                LogNotAdministrator(logger, holder);
            }

            return;
        }

        var password = options.Value.Password ?? RandomNumberGenerator.GetString(PasswordCharacters, 24);
        var user = User.New("Administrator", email, "", normalizer, clock.GetUtcNow());
        user.PasswordHash = hasher.HashPassword(user, PasswordRules.Normalize(password));
        try
        {
            await WriteAsync(connection, user, cancellationToken);
        }
        catch (DbException failure) when (RelationalStorage.IsDuplicate(failure))
        {
            // Meanwhile another host that starts created it, or somebody signed up with the address.
            var holdersNow = await HoldersAsync(connection, email, cancellationToken);
            if (!holdersNow.Intersect(await AdministratorsAsync(connection, cancellationToken)).Any())
            {
                LogTaken(logger);
            }

            return;
        }

        LogCreated(logger, user.Id);
        if (options.Value.Password is null)
        {
            // To the console and not to the log, because logs are kept and passed on.
            await Console.Out.WriteLineAsync(
                $"""

                ================================================================
                  The first administrator was created.
                    e-mail:    {email}
                    password:  {password}
                  The password is shown only this once and not stored.
                ================================================================

                """
            );
        }
    }

    private static Task<List<Guid>> AdministratorsAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.ListAsync(
            "SELECT UserId FROM AspNetUserRoles WHERE RoleId = @role",
            row => row.GetGuid(0),
            cancellationToken,
            ("@role", StoredRoles.Ids[Roles.Admin])
        );

    private Task<List<Guid>> HoldersAsync(DbConnection connection, string email, CancellationToken cancellationToken) =>
        connection.ListAsync(
            "SELECT Id FROM AspNetUsers WHERE NormalizedEmail = @email",
            row => row.GetGuid(0),
            cancellationToken,
            ("@email", normalizer.NormalizeEmail(email))
        );

    private static async Task WriteAsync(DbConnection connection, User user, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.RunAsync(
            """
            INSERT INTO AspNetUsers(Id, Name, SearchName, Email, NormalizedEmail, UserName, NormalizedUserName, PasswordHash, SecurityStamp,
                ConcurrencyStamp, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
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

    [LoggerMessage(EventId = 2010, Level = LogLevel.Information, Message = "Created the administrator {UserId}")]
    private static partial void LogCreated(ILogger logger, Guid userId);

    [LoggerMessage(
        EventId = 2011,
        Level = LogLevel.Warning,
        Message = "Somebody signed up with the address of Accounts:Admin:Email during the start; no administrator was created"
    )]
    private static partial void LogTaken(ILogger logger);

    [LoggerMessage(
        EventId = 2012,
        Level = LogLevel.Warning,
        Message = "The account {UserId} has the address of Accounts:Admin:Email but is not an administrator; it was not changed"
    )]
    private static partial void LogNotAdministrator(ILogger logger, Guid userId);
}
