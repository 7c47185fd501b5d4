using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>Registers a module's tables.</summary>
public static class RelationalExtensions
{
    /// <summary>
    /// Registers <see cref="RelationalStorage"/> under the key <paramref name="module"/>, and a pool of <typeparamref name="TContext"/>
    /// that uses it.
    /// </summary>
    /// <typeparam name="TContext">The context with SQLite.</typeparam>
    /// <typeparam name="TMySqlContext">
    /// The context with MySQL. It is another type because EF Core's migrations belong to a type.
    /// </typeparam>
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
            if (provider.GetKeyedService<RelationalOutbox>(module) is { } outbox)
            {
                options.AddInterceptors(outbox.Commits);
            }

            // A lost race for a unique value is an expected result, not an error. Errors reach the log as the exception of their request.
            // MySQL's message about a duplicate quotes the value, and e-mail addresses do not belong in logs.
            options.ConfigureWarnings(warnings =>
                warnings
                    .Log((RelationalEventId.CommandError, LogLevel.Debug))
                    .Ignore(CoreEventId.MappedEntityTypeIgnoredWarning, CoreEventId.SaveChangesFailed)
            );
        }
    }

    /// <summary>
    /// Registers <see cref="RelationalOutbox"/> under the key <paramref name="module"/>, whose tables the module has in its model
    /// (<see cref="OutboxModel.AddOutbox"/>).
    /// </summary>
    public static IServiceCollection AddOutbox(this IServiceCollection services, string module)
    {
        services.AddKeyedSingleton(module, (provider, _) =>
            new RelationalOutbox(module, provider.GetRequiredKeyedService<RelationalStorage>(module))
        );
        services.AddSingleton(provider => provider.GetRequiredKeyedService<RelationalOutbox>(module));
        return services.AddWorker<FollowOutboxesWorker>();
    }
}
