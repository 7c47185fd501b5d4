using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Storage;

/// <summary>For <c>dotnet ef</c> (a local tool: <c>dotnet tool restore</c>), which needs the model but no data. Every change of the model is two migrations.</summary>
/// <remarks>
/// From the module's folder: <c>dotnet ef migrations add Name -c AccountsDbContext</c> and
/// <c>dotnet ef migrations add Name -c MySqlAccountsDbContext -o Migrations/MySql</c>, make the classes internal and sealed, and then the scripts that the
/// start runs: <c>dotnet ef migrations script PreviousName Name -c … -o Migrations/id_Name.sql</c> (<c>Migrations/MySql/id_Name.sql</c>; 0 for no previous
/// one). A test compares them.
/// </remarks>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AccountsDbContext>
{
    public AccountsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<AccountsDbContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>The same for MySQL.</summary>
internal sealed class MySqlDesignTimeFactory : IDesignTimeDbContextFactory<MySqlAccountsDbContext>
{
    public MySqlAccountsDbContext CreateDbContext(string[] args) =>
        new(
            new DbContextOptionsBuilder<MySqlAccountsDbContext>()
                .UseMySql(MySqlTables.Dialect, mysql => mysql.MigrationsHistoryTable(MySqlTables.HistoryOf(AccountsDbContext.Module)))
                .Options
        );
}
