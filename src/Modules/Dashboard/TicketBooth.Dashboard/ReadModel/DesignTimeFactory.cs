using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>For <c>dotnet ef</c>; the Accounts module's factory says how. Every change of the model is two migrations.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<DashboardDbContext>
{
    public DashboardDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<DashboardDbContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>The same for MySQL.</summary>
internal sealed class MySqlDesignTimeFactory : IDesignTimeDbContextFactory<MySqlDashboardDbContext>
{
    public MySqlDashboardDbContext CreateDbContext(string[] args) =>
        new(
            new DbContextOptionsBuilder<MySqlDashboardDbContext>()
                .UseMySql(MySqlTables.Dialect, mysql => mysql.MigrationsHistoryTable(MySqlTables.HistoryOf(DashboardDbContext.Module)))
                .Options
        );
}
