using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Notifications.Storage;

/// <summary>The queue of mails, and what they tell of orders and events.</summary>
internal class NotificationsDbContext : DbContext
{
    /// <summary>The key under which its storage is registered.</summary>
    public const string Module = "notifications";

    public const string MailsTable = "NotificationsMails";
    public const string OrdersTable = "NotificationsOrders";
    public const string BulksTable = "NotificationsBulks";
    public const string EventsTable = "NotificationsEvents";

    public const int LongestFailure = 500;
    public const int LongestKey = 160;

    private const int LongestName = 200;
    private const int LongestEmail = 254;
    private const int LongestLanguage = 10;
    private const int LongestKind = 40;

    public NotificationsDbContext(DbContextOptions<NotificationsDbContext> options)
        : base(options) { }

    protected NotificationsDbContext(DbContextOptions options)
        : base(options) { }

    public DbSet<MailRow> Mails => Set<MailRow>();

    public DbSet<OrderRow> Orders => Set<OrderRow>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<BulkRow> Bulks => Set<BulkRow>();

    /// <summary>Stores what was changed. False when another host has stored the same meanwhile: the unique keys decide.</summary>
    public async Task<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException failure) when (RelationalStorage.IsDuplicate(failure))
        {
            ChangeTracker.Clear();
            return false;
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<MailRow>(mail =>
        {
            mail.ToTable(MailsTable);
            mail.HasKey(m => m.Number);
            mail.Property(m => m.UniqueKey).HasMaxLength(LongestKey);
            mail.Property(m => m.Kind).HasMaxLength(LongestKind);
            mail.Property(m => m.Name).HasMaxLength(LongestName);
            mail.Property(m => m.Email).HasMaxLength(LongestEmail);
            mail.Property(m => m.Language).HasMaxLength(LongestLanguage);
            mail.Property(m => m.Failure).HasMaxLength(LongestFailure);
            mail.HasIndex(m => m.UniqueKey).IsUnique();
            mail.HasIndex(m => new
            {
                m.State,
                m.IsBulk,
                m.NextTryAt,
            });
            mail.HasIndex(m => m.DoneAt).HasFilter("DoneAt IS NOT NULL");
            mail.HasIndex(m => m.Claim).HasFilter("Claim IS NOT NULL");
            mail.HasIndex(m => m.OrderId);
            mail.HasIndex(m => m.AccountId).HasFilter("AccountId IS NOT NULL");
            mail.HasIndex(m => m.Email).HasFilter("Email IS NOT NULL");
            mail.HasIndex(m => new { m.BulkNumber, m.State }).HasFilter("BulkNumber IS NOT NULL");
        });
        modelBuilder.Entity<OrderRow>(order =>
        {
            order.ToTable(OrdersTable);
            order.Property(o => o.Id).ValueGeneratedNever();
            order.Property(o => o.Currency).HasMaxLength(3);
            order.Property(o => o.Language).HasMaxLength(LongestLanguage);
            order.HasIndex(o => new { o.EventId, o.Id });
            order.HasIndex(o => o.EndedAt).HasFilter("EndedAt IS NOT NULL");
            order.HasIndex(o => o.NextMailAt).HasFilter("NextMailAt IS NOT NULL");
        });
        modelBuilder.Entity<EventRow>(known =>
        {
            known.ToTable(EventsTable);
            known.Property(e => e.Id).ValueGeneratedNever();
            known.Property(e => e.Name).HasMaxLength(LongestName);
            known.Property(e => e.Venue).HasMaxLength(LongestName);
            known.HasIndex(e => e.StartsAt);
        });
        modelBuilder.Entity<BulkRow>(bulk =>
        {
            bulk.ToTable(BulksTable);
            bulk.HasKey(b => b.Number);
            bulk.Property(b => b.UniqueKey).HasMaxLength(LongestKey);
            bulk.Property(b => b.Kind).HasMaxLength(LongestKind);
            bulk.HasIndex(b => b.UniqueKey).IsUnique();
        });
    }
}

/// <summary>The same tables on MySQL. A type of its own, because EF Core's migrations belong to a type of context.</summary>
internal sealed class MySqlNotificationsDbContext(DbContextOptions<MySqlNotificationsDbContext> options) : NotificationsDbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasCharSet("utf8mb4", DelegationModes.ApplyToTables);
        foreach (var table in modelBuilder.Model.GetEntityTypes())
        {
            // Byte by byte, as SQLite compares.
            modelBuilder.Entity(table.ClrType).UseCollation("utf8mb4_bin");

            // It has no indexes of a part of the rows.
            foreach (var index in table.GetIndexes())
            {
                index.SetFilter(null);
            }
        }
    }
}
