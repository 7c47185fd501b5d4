using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Modules;

namespace TicketBooth.BuildingBlocks.Storage;

public static class StorageExtensions
{
    /// <summary>The embedded files, and MongoDB where <c>ConnectionStrings:MongoDb</c> switches it on.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<StorageOptions>("Storage");
        services.AddSingleton<EmbeddedStorage>();
        return MongoStorage.IsOn(configuration)
            ? services.AddSingleton<MongoStorage>().AddSingleton<ILeases, MongoLeases>()
            : services.AddSingleton<ILeases, SoleHost>();
    }

    /// <summary>Fails with <see cref="StorageException"/> when a store that is switched on cannot be used.</summary>
    public static async Task VerifyStorageAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<MongoStorage>() is { } mongo)
        {
            await mongo.VerifyAsync(cancellationToken);
        }
    }
}
