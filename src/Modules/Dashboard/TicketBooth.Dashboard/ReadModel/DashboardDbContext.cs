using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The read model of the back office. EF Core reads it; the folder Writing writes it with plain SQL.</summary>
internal class DashboardDbContext : DbContext
{
    /// <summary>The key under which its storage is registered.</summary>
    public const string Module = "dashboard";

    public const string OrdersTable = "DashboardOrders";
    public const string PaymentsTable = "DashboardPayments";
    public const string EventsTable = "DashboardEvents";
    public const string SalesTable = "DashboardSales";
    public const string PassagesTable = "DashboardPassages";
    public const string DoorsTable = "DashboardDoors";
    public const string StateTable = "DashboardState";
    public const string RunsTable = "DashboardRuns";
    public const string AuditLogTable = "DashboardActs";

    /// <summary>The types of rows of all tables.</summary>
    protected static readonly IReadOnlyList<Type> Rows =
    [
        typeof(OrderRow),
        typeof(PaymentRow),
        typeof(EventRow),
        typeof(SalesRow),
        typeof(PassageRow),
        typeof(DoorRow),
        typeof(RunRow),
        typeof(AuditLogRow),
        typeof(StateRow),
    ];

    private const int LongestCode = 100;
    private const int LongestName = 200;

    public DashboardDbContext(DbContextOptions<DashboardDbContext> options)
        : base(options) { }

    protected DashboardDbContext(DbContextOptions options)
        : base(options) { }

    public IQueryable<OrderRow> Orders => Set<OrderRow>().AsNoTracking();

    public IQueryable<PaymentRow> Payments => Set<PaymentRow>().AsNoTracking();

    public IQueryable<EventRow> Events => Set<EventRow>().AsNoTracking();

    public IQueryable<SalesRow> Sales => Set<SalesRow>().AsNoTracking();

    public IQueryable<PassageRow> Passages => Set<PassageRow>().AsNoTracking();

    public IQueryable<DoorRow> Doors => Set<DoorRow>().AsNoTracking();

    public IQueryable<RunRow> Runs => Set<RunRow>().AsNoTracking();

    public IQueryable<AuditLogRow> AuditLog => Set<AuditLogRow>().AsNoTracking();

    public IQueryable<StateRow> State => Set<StateRow>().AsNoTracking();

    /// <summary>Grows with every change of the read model.</summary>
    public Task<long> VersionAsync(CancellationToken cancellationToken) =>
        State.Where(state => state.Name == StateRow.Version).Select(state => state.Value).SingleAsync(cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<OrderRow>(order =>
        {
            order.ToTable(OrdersTable);
            AsJson(order.Property(o => o.Tickets));
            AsJson(order.Property(o => o.Refunds)!);
            AsJson(order.Property(o => o.Disputes)!);
            order.HasIndex(o => o.DisputedSince).HasFilter("DisputedSince IS NOT NULL");
            order.Property(o => o.SoldBy).HasDefaultValue(SoldBy.Online);
            order.HasIndex(o => new { o.PlacedAt, o.Id });
            order.HasIndex(o => new
            {
                o.EventId,
                o.PlacedAt,
                o.Id,
            });
            order.HasIndex(o => new
            {
                o.BuyerId,
                o.PlacedAt,
                o.Id,
            });
            order.HasIndex(o => new
            {
                o.Status,
                o.PlacedAt,
                o.Id,
            });
        });
        modelBuilder.Entity<PaymentRow>(payment =>
        {
            payment.ToTable(PaymentsTable);
            payment.Property(p => p.Currency).HasMaxLength(3);
            payment.Property(p => p.DeclineReason).HasMaxLength(LongestCode);
            payment.Property(p => p.RefundReason).HasMaxLength(LongestCode);
            payment.HasIndex(p => p.OrderId);
            payment.HasIndex(p => p.AwaitingSince);
            payment.HasIndex(p => p.OwedSince);
        });
        modelBuilder.Entity<EventRow>(shown =>
        {
            shown.ToTable(EventsTable);
            shown.Property(e => e.Name).HasMaxLength(LongestName);
            shown.Property(e => e.Venue).HasMaxLength(LongestName);
            shown.Property(e => e.Currency).HasMaxLength(3);
            AsJson(shown.Property(e => e.Tiers));
            shown.HasIndex(e => e.StartsAt);
        });
        modelBuilder.Entity<SalesRow>(sales =>
        {
            sales.ToTable(SalesTable);
            sales.HasKey(s => new
            {
                s.EventId,
                s.TierId,
                s.Span,
                s.At,
            });
            sales.HasIndex(s => new { s.Span, s.At });
            sales.ComplexProperty(
                s => s.Figures,
                figures =>
                {
                    figures.Ignore(f => f.OnPayment);
                    figures.Ignore(f => f.NetSold);
                    figures.Ignore(f => f.NetRevenue);
                    figures.Ignore(f => f.NetOrders);
                    figures.Ignore(f => f.Conversion);

                    // Added to tables that have rows.
                    figures.Property(f => f.CounterSold).HasDefaultValue(0L);
                    figures.Property(f => f.CounterRevenue).HasDefaultValue(0L);
                    figures.Property(f => f.Complimentary).HasDefaultValue(0L);
                    figures.Property(f => f.CounterOrders).HasDefaultValue(0L);
                    WithoutPrefix(figures);
                }
            );
        });
        ConfigureDoors(modelBuilder);
        modelBuilder.Entity<RunRow>(run =>
        {
            run.ToTable(RunsTable);
            run.HasIndex(r => new { r.Kind, r.StartedAt });
        });
        modelBuilder.Entity<AuditLogRow>(act =>
        {
            act.ToTable(AuditLogTable);
            act.Property(a => a.ByName).HasMaxLength(LongestName);
            act.Property(a => a.Kind).HasMaxLength(LongestCode);
            act.Property(a => a.Outcome).HasMaxLength(LongestCode);
            act.HasIndex(a => new { a.At, a.Id });
            act.HasIndex(a => new
            {
                a.SubjectId,
                a.At,
                a.Id,
            });
            act.HasIndex(a => a.ActId);
        });
        modelBuilder.Entity<StateRow>(state =>
        {
            state.ToTable(StateTable);
            state.HasKey(s => s.Name);
            state.Property(s => s.Name).HasMaxLength(32);
            state.HasData(new StateRow { Name = StateRow.Version }, new StateRow { Name = StateRow.Generation });
        });
    }

    private static void ConfigureDoors(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<PassageRow>(passage =>
        {
            passage.ToTable(PassagesTable);
            passage.HasIndex(p => p.TicketId);
            passage.HasIndex(p => p.EventId);
        });
        modelBuilder.Entity<DoorRow>(door =>
        {
            door.ToTable(DoorsTable);
            door.HasKey(d => new { d.EventId, d.At });
            WithoutPrefix(door.ComplexProperty(d => d.Sums));
        });
    }

    private static void WithoutPrefix<T>(ComplexPropertyBuilder<T> figures)
        where T : notnull
    {
        foreach (var property in figures.Metadata.ComplexType.GetProperties())
        {
            property.SetColumnName(property.Name);
        }
    }

    private static void AsJson<T>(PropertyBuilder<IReadOnlyList<T>> lines) =>
        lines.HasConversion(
            list => LinesJson.Write(list),
            json => LinesJson.Read<T>(json),
            new ValueComparer<IReadOnlyList<T>>((one, other) => one!.SequenceEqual(other!), list => list.Count, list => list)
        );
}

/// <summary>The same tables on MySQL. A type of its own, because EF Core's migrations belong to a type of context.</summary>
internal sealed class MySqlDashboardDbContext(DbContextOptions<MySqlDashboardDbContext> options) : DashboardDbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // MySQL has no indexes of some rows.
        modelBuilder.Entity<OrderRow>().HasIndex(order => order.DisputedSince).HasFilter(null);
        modelBuilder.HasCharSet("utf8mb4", DelegationModes.ApplyToTables);
        foreach (var row in Rows)
        {
            // Byte by byte, as SQLite compares.
            modelBuilder.Entity(row).UseCollation("utf8mb4_bin");
        }
    }
}

/// <summary>A named counter of the read model.</summary>
internal sealed record StateRow
{
    /// <summary>Grows with every change. Writers lock its row, so that one writes at a time on all hosts together.</summary>
    public const string Version = "version";

    /// <summary>The number of the latest rebuild.</summary>
    public const string Generation = "generation";

    /// <summary>Up to which moment the host has compared old orders with the ledger by itself, in ticks; 0 from the beginning.</summary>
    public const string Compared = "compared";

    public required string Name { get; init; }

    public long Value { get; init; }
}
