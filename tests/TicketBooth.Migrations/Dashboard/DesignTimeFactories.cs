using Microsoft.EntityFrameworkCore.Design;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Migrations.Dashboard;

/// <summary>The tables of the Dashboard in SQLite.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<DashboardDbContext>
{
    public DashboardDbContext CreateDbContext(string[] args) => new(DesignTime.Sqlite<DashboardDbContext>());
}

/// <summary>The tables of the Dashboard in MySQL.</summary>
internal sealed class MySqlDesignTimeFactory : IDesignTimeDbContextFactory<MySqlDashboardDbContext>
{
    public MySqlDashboardDbContext CreateDbContext(string[] args) =>
        new(DesignTime.MySql<MySqlDashboardDbContext>(DashboardDbContext.Module));
}
