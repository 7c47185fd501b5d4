using Microsoft.EntityFrameworkCore.Design;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Migrations.Accounts;

/// <summary>The tables of Accounts in SQLite.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AccountsDbContext>
{
    public AccountsDbContext CreateDbContext(string[] args) => new(DesignTime.Sqlite<AccountsDbContext>());
}

/// <summary>The tables of Accounts in MySQL.</summary>
internal sealed class MySqlDesignTimeFactory : IDesignTimeDbContextFactory<MySqlAccountsDbContext>
{
    public MySqlAccountsDbContext CreateDbContext(string[] args) => new(DesignTime.MySql<MySqlAccountsDbContext>(AccountsDbContext.Module));
}
