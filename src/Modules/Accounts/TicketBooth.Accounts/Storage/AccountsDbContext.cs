using System.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Storage;

/// <summary>Identity's tables without claims and external logins (which we do not use), and the tables of our tokens.</summary>
internal class AccountsDbContext : IdentityDbContext<User, IdentityRole<Guid>, Guid>
{
    /// <summary>The key that its tables are registered under.</summary>
    public const string Module = "accounts";

    public AccountsDbContext(DbContextOptions<AccountsDbContext> options)
        : base(options) { }

    protected AccountsDbContext(DbContextOptions options)
        : base(options) { }

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<WrongPasswords> WrongPasswords => Set<WrongPasswords>();

    public DbSet<MailToken> MailTokens => Set<MailToken>();

    public DbSet<GuestToken> GuestTokens => Set<GuestToken>();

    public DbSet<MailRequest> MailRequests => Set<MailRequest>();

    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<CookieKey> CookieKeys => Set<CookieKey>();

    /// <summary>Stores a user with a role. False when the e-mail address is taken: the unique index decides who wins a race.</summary>
    public async Task<bool> TryAddAsync(User user, string role, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        Users.Add(user);
        UserRoles.Add(StoredRoles.Give(user.Id, role));
        try
        {
            await SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException failure) when (RelationalStorage.IsDuplicate(failure))
        {
            return false;
        }
    }

    /// <summary>
    /// Does work in one serializable transaction; runs it again from its beginning when the database ended it to resolve a deadlock.
    /// </summary>
    public Task<T> IsolatedAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        Database
            .CreateExecutionStrategy()
            .ExecuteAsync(
                async attempt =>
                {
                    ChangeTracker.Clear();
                    await using var transaction = await Database.BeginTransactionAsync(IsolationLevel.Serializable, attempt);
                    var outcome = await work(attempt);
                    await transaction.CommitAsync(attempt);
                    return outcome;
                },
                cancellationToken
            );

    /// <summary>What a token says about a user; null when there is none.</summary>
    public async Task<Bearer?> FindBearerAsync(Guid userId, CancellationToken cancellationToken)
    {
        var user = await Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == userId, cancellationToken);
        return user is null ? null : new Bearer(user.Id, user.Name, user.Email!, await RolesOfAsync(userId, cancellationToken));
    }

    /// <summary>A user as other modules see them, with their present roles.</summary>
    public async Task<SessionUser> ToSessionAsync(User user, bool needsSecondFactor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new SessionUser(user.Id, user.Name, await RolesOfAsync(user.Id, cancellationToken), user.SecurityStamp!, needsSecondFactor);
    }

    /// <summary>Accounts as staff see them, in the order of the query; none of erased people.</summary>
    public async Task<List<UserView>> ViewsOfAsync(IQueryable<User> users, CancellationToken cancellationToken)
    {
        var found = (await users.AsNoTracking().ToListAsync(cancellationToken)).FindAll(user => user.ErasedAt is null);
        var ids = found.Select(user => user.Id).ToList();
        var roles = (await UserRoles.Where(role => ids.Contains(role.UserId)).AsNoTracking().ToListAsync(cancellationToken)).ToLookup(
            role => role.UserId,
            role => StoredRoles.Names[role.RoleId]
        );
        return
        [
            .. found.Select(user => new UserView(
                user.Id,
                user.Name,
                user.Email!,
                [.. roles[user.Id].Order(StringComparer.Ordinal)],
                user.TwoFactorEnabled,
                IsInvited: user.PasswordHash is null && !user.IsGuest
            )
            {
                Language = user.Language,
                IsGuest = user.IsGuest,
                IsEmailConfirmed = user.EmailConfirmed,
            }),
        ];
    }

    /// <summary>Ends all sessions of a user, and sign-ins that are not finished. Returns the user as stored now.</summary>
    public async Task<User> RestampAsync(Guid userId, CancellationToken cancellationToken)
    {
        var stamp = User.NewStamp();
        await Users
            .Where(user => user.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.SecurityStamp, stamp), cancellationToken);
        await Sessions.Where(session => session.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        return await Users.AsNoTracking().SingleAsync(user => user.Id == userId, cancellationToken);
    }

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<string>> RolesOfAsync(Guid userId, CancellationToken cancellationToken)
    {
        var ids = await UserRoles.Where(role => role.UserId == userId).Select(role => role.RoleId).ToListAsync(cancellationToken);
        return [.. ids.Select(id => StoredRoles.Names[id]).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether somebody is an administrator, as stored now. The system, which is null, always may.</summary>
    /// <remarks>For the transaction of what they do: who is dismissed at the same moment loses one way or the other.</remarks>
    public async Task<bool> MayAdministerAsync(Actor? actor, CancellationToken cancellationToken)
    {
        var role = StoredRoles.Ids[BuildingBlocks.Web.Roles.Admin];
        return actor is null || await UserRoles.AnyAsync(held => held.UserId == actor.Id && held.RoleId == role, cancellationToken);
    }

    /// <summary>The user with an e-mail address, as stored now; null when there is none.</summary>
    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Users.AsNoTracking().FirstOrDefaultAsync(user => user.NormalizedEmail == normalizedEmail, cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Ignore<IdentityUserClaim<Guid>>();
        builder.Ignore<IdentityUserLogin<Guid>>();
        builder.Ignore<IdentityRoleClaim<Guid>>();
        builder.Entity<User>(user =>
        {
            user.Property(u => u.Name).HasMaxLength(AccountRules.LongestName);
            user.Property(u => u.SearchName).HasMaxLength(AccountRules.LongestName);
            user.Property(u => u.Language).HasMaxLength(AccountRules.LongestLanguage);
            user.HasIndex(u => u.SearchName);
            user.Ignore(u => u.IsGuest);
            // Identity's own index allows duplicates, and Identity checks before it writes; two sign-ups at once would both pass.
            user.HasIndex(u => u.NormalizedEmail).HasDatabaseName("EmailIndex").IsUnique();
        });
        builder
            .Entity<IdentityRole<Guid>>()
            .HasData(
                StoredRoles.Ids.Select(role => new IdentityRole<Guid>
                {
                    Id = role.Value,
                    Name = role.Key,
                    NormalizedName = role.Key.ToUpperInvariant(),
                    ConcurrencyStamp = role.Value.ToString(),
                })
            );
        builder.Entity<RefreshToken>(token =>
        {
            token.HasKey(t => t.Hash);
            token.Property(t => t.Hash).HasMaxLength(32);
            token.HasIndex(t => t.FamilyId);
            token.HasIndex(t => t.RevokedAt);
            token.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<WrongPasswords>(wrong =>
        {
            wrong.HasKey(w => w.Key);
            wrong.Property(w => w.Key).HasMaxLength(32);
            wrong.HasIndex(w => w.LastAt);
        });
        builder.Entity<Session>(session =>
        {
            session.Property(s => s.Id).ValueGeneratedNever();
            session.Property(s => s.Device).HasMaxLength(Session.LongestDevice);
            session.Property(s => s.Address).HasMaxLength(Session.LongestAddress);
            session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<MailToken>(token =>
        {
            token.HasKey(t => t.Hash);
            token.Property(t => t.Hash).HasMaxLength(32);
            token.Property(t => t.Purpose).HasMaxLength(32);
            token.Property(t => t.Email).HasMaxLength(256);
            token.HasIndex(t => t.ExpiresAt);
            token.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<GuestToken>(token =>
        {
            token.HasKey(t => t.Hash);
            token.Property(t => t.Hash).HasMaxLength(32);
            token.Property(t => t.Email).HasMaxLength(256);
            token.Property(t => t.NormalizedEmail).HasMaxLength(256);
            token.Property(t => t.Name).HasMaxLength(AccountRules.LongestName);
            token.Property(t => t.Language).HasMaxLength(AccountRules.LongestLanguage);
            token.HasIndex(t => t.NormalizedEmail);
            token.HasIndex(t => t.ExpiresAt);
        });
        builder.Entity<MailRequest>(request =>
        {
            request.Property(r => r.Id).ValueGeneratedNever();
            request.Property(r => r.NormalizedEmail).HasMaxLength(256);
            request.Property(r => r.Language).HasMaxLength(AccountRules.LongestLanguage);
        });
        builder.Entity<KnownDevice>(device =>
        {
            device.HasKey(d => new { d.UserId, d.Hash });
            device.Property(d => d.Hash).HasMaxLength(32);
            device.HasOne<User>().WithMany().HasForeignKey(d => d.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.AddOutbox(Module);
        builder.Entity<SigningKey>(key =>
        {
            key.Property(k => k.Id).HasMaxLength(64);
            key.Property(k => k.PrivateKey).HasMaxLength(1024);
        });
        builder.Entity<CookieKey>().Property(key => key.Id).HasMaxLength(64);
    }
}
