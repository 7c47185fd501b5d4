using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace TicketBooth.Accounts.Storage;

/// <summary>The same tables in MySQL; a type of its own, because EF Core's migrations belong to a type of context.</summary>
internal sealed class MySqlAccountsDbContext(DbContextOptions<MySqlAccountsDbContext> options) : AccountsDbContext(options)
{
    /// <summary>A key may take 3,072 bytes in all, and a character up to four.</summary>
    private const int LongestKeyPart = 128;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        // For our tables, whose columns follow them, and not for the database, which others may use too.
        builder.HasCharSet("utf8mb4", DelegationModes.ApplyToTables);
        foreach (var table in builder.Model.GetEntityTypes())
        {
            // Byte by byte, as SQLite compares: Identity's normalizer decides what is equal without regard to case, and an address with
            // other accents is another address.
            builder.Entity(table.ClrType).UseCollation("utf8mb4_bin");
        }

        builder.Entity<IdentityUserToken<Guid>>(token =>
        {
            token.Property(t => t.LoginProvider).HasMaxLength(LongestKeyPart);
            token.Property(t => t.Name).HasMaxLength(LongestKeyPart);
        });
    }
}
