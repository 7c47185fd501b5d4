using Microsoft.EntityFrameworkCore.Design;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Migrations.Notifications;

/// <summary>The tables of Notifications in SQLite.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<NotificationsDbContext>
{
    public NotificationsDbContext CreateDbContext(string[] args) => new(DesignTime.Sqlite<NotificationsDbContext>());
}

/// <summary>The tables of Notifications in MySQL.</summary>
internal sealed class MySqlDesignTimeFactory : IDesignTimeDbContextFactory<MySqlNotificationsDbContext>
{
    public MySqlNotificationsDbContext CreateDbContext(string[] args) =>
        new(DesignTime.MySql<MySqlNotificationsDbContext>(NotificationsDbContext.Module));
}
