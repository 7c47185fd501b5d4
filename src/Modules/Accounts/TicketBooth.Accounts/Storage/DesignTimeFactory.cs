using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace TicketBooth.Accounts.Storage;

/// <summary>For <c>dotnet ef</c> (a local tool: <c>dotnet tool restore</c>), which needs the model but no data.</summary>
/// <remarks>
/// From the module's folder: <c>dotnet ef migrations add Name</c>, make the class internal and sealed, and then the script that the start runs:
/// <c>dotnet ef migrations script PreviousName Name -o Migrations/id_Name.sql</c> (0 for no previous one). A test compares the two.
/// </remarks>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AccountsDbContext>
{
    public AccountsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<AccountsDbContext>().UseSqlite("Data Source=:memory:").Options);
}
