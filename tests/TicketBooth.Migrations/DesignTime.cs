using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Migrations;

/// <summary>The options of contexts for <c>dotnet ef</c>, which needs the model and the migrations of this project but no data.</summary>
/// <remarks>
/// Every change of a model is two migrations, one per provider, and two scripts (ADR 0024 has the commands). Make new classes internal
/// and sealed. The storage tests of both modules compare the scripts with the migrations, and the migrations with the model.
/// </remarks>
internal static class DesignTime
{
    private static string Assembly => typeof(DesignTime).Assembly.GetName().Name!;

    public static DbContextOptions<TContext> Sqlite<TContext>()
        where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>().UseSqlite("Data Source=:memory:", sqlite => sqlite.MigrationsAssembly(Assembly)).Options;

    public static DbContextOptions<TContext> MySql<TContext>(string module)
        where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>()
            .UseMySql(MySqlTables.Dialect, mysql =>
                mysql.MigrationsAssembly(Assembly).MigrationsHistoryTable(MySqlTables.HistoryOf(module))
            )
            .Options;
}
