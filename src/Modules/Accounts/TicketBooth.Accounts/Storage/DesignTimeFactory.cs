using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace TicketBooth.Accounts.Storage;

/// <summary>For <c>dotnet ef migrations add Name --project src/Modules/Accounts/TicketBooth.Accounts</c>, which needs the model but no data.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AccountsDbContext>
{
    public AccountsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<AccountsDbContext>().UseSqlite("Data Source=:memory:").Options);
}
