using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

public static class StorageExtensions
{
    /// <summary>
    /// Registers the embedded files, and MongoDB where <c>ConnectionStrings:MongoDb</c> is set; also what an installation has once: the
    /// dead-letter store, the answers to requests with an idempotency key, and the leases.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<StorageOptions>("Storage");
        services.AddSettings<BackupOptions>("Backup");
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupPlace>();
        services.AddSingleton<BackupStatus>().AddSingleton<BackupMaker>().AddWorker<BackUpFilesWorker>();
        services.AddSingleton<EmbeddedStorage>();
        services.AddWorker<RecordPositionsWorker>().AddWorker<CloseReadersWorker>();
        services.AddSingleton<IOutageDetector, OutageDetector>();
        services.AddSingleton<StorageHealth>();
        services.AddHealthChecks().AddCheck<StorageHealth>("storage");
        services.AddScoped<IInvariantCheck, StorageInvariants>();
        return MongoStorage.IsOn(configuration)
            ? services
                .AddSingleton<MongoStorage>()
                .AddSingleton<ILeases, MongoLeases>()
                .AddSingleton<IDeadLetters, MongoDeadLetters>()
                .AddSingleton<IAnsweredRequests, MongoAnsweredRequests>()
            : services
                .AddSingleton<ILeases, SingleHost>()
                .AddSingleton<IDeadLetters, SqliteDeadLetters>()
                .AddSingleton<IAnsweredRequests, SqliteAnsweredRequests>();
    }

    /// <summary>Fails with <see cref="StorageException"/> when a store that is switched on cannot be used.</summary>
    public static async Task VerifyStorageAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<MongoStorage>() is { } mongo)
        {
            await mongo.VerifyAsync(cancellationToken);
        }
    }

    /// <summary>Adds what is wrong with the files and servers themselves. Needs no module to have started.</summary>
    public static Task CheckFilesAsync(this IServiceProvider services, InvariantReport report, CancellationToken cancellationToken) =>
        new StorageInvariants(services.GetRequiredService<EmbeddedStorage>(), services.GetService<MongoStorage>()).RunAsync(
            report,
            cancellationToken
        );
}
