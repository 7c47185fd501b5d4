using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>How a module asks for tables of its own.</summary>
public static class RelationalExtensions
{
    /// <summary>Registers <see cref="RelationalStorage"/> under the key <paramref name="module"/>, and a pool of <typeparamref name="TContext"/> over it.</summary>
    /// <typeparam name="TContext">As SQLite has the tables.</typeparam>
    /// <typeparam name="TMySqlContext">As MySQL has them; EF Core's migrations belong to a type of context.</typeparam>
    /// <param name="module">In small letters: names the file, the table of migrations and the lock.</param>
    public static IServiceCollection AddTables<TContext, TMySqlContext>(
        this IServiceCollection services,
        IConfiguration configuration,
        string module
    )
        where TContext : DbContext
        where TMySqlContext : TContext
    {
        var assembly = typeof(TContext).Assembly;
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString("MySql")))
        {
            services.AddKeyedSingleton<RelationalStorage>(module, (provider, _) =>
                new SqliteTables(module, assembly, provider.GetRequiredService<EmbeddedStorage>())
            );
            return services.AddDbContextPool<TContext>(Choose);
        }

        services.AddKeyedSingleton<RelationalStorage>(module, (provider, _) =>
            new MySqlTables(
                module,
                assembly,
                provider.GetRequiredService<IConfiguration>(),
                provider.GetRequiredService<IOptions<StorageOptions>>().Value
            )
        );
        return services.AddDbContextPool<TContext, TMySqlContext>(Choose);

        void Choose(IServiceProvider provider, DbContextOptionsBuilder options)
        {
            provider.GetRequiredKeyedService<RelationalStorage>(module).UseProvider(options);

            // A lost race over a unique value is an answer, not an error; what is an error reaches the log as the exception of its request. MySQL's
            // message about a duplicate quotes the value, and e-mail addresses do not belong in logs.
            options.ConfigureWarnings(warnings =>
                warnings
                    .Log((RelationalEventId.CommandError, LogLevel.Debug))
                    .Ignore(CoreEventId.MappedEntityTypeIgnoredWarning, CoreEventId.SaveChangesFailed)
            );
        }
    }
}
