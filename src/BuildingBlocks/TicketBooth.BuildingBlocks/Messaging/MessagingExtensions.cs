using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Messaging.Kafka;
using TicketBooth.BuildingBlocks.Modules;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.BuildingBlocks.Messaging;

public static class MessagingExtensions
{
    /// <summary>Registers the modules' consumers and the relay. The in-memory bus only lends its pipeline; no message ever travels over it.</summary>
    public static IServiceCollection AddMessaging(
        this IServiceCollection services,
        IConfiguration configuration,
        IEnumerable<IModule> modules
    )
    {
        ArgumentNullException.ThrowIfNull(modules);
        var consumers = modules
            .Select(module =>
            {
                var consumers = new ModuleConsumers(module.Name);
                module.AddConsumers(consumers);
                return consumers;
            })
            .ToList();

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var type in consumers.SelectMany(module => module.Types))
            {
                bus.AddConsumer(type);
            }

            bus.UsingInMemory(
                (_, configuration) => configuration.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders, isDefault: true)
            );
        });
        foreach (var module in consumers)
        {
            services.AddSingleton(module);
        }

        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<IDeadLetters, MongoDeadLetters>();
        }
        else
        {
            services.AddSingleton<IDeadLetters, SqliteDeadLetters>();
        }

        services.AddSingleton<ModuleDeliveries>();
        if (KafkaConnection.IsOn(configuration))
        {
            // Before the relay: topics are there when it starts, and what it produced is safe before the producer goes.
            services.AddKafka(provider => provider.GetRequiredService<ModuleDeliveries>().All);
        }
        else
        {
            services.AddSingleton<MessageBroker>();
        }

        services.AddSingleton<OutboxRelay>();
        services.AddMetrics();
        services.AddHostedService<InboxKeeper>();
        services.AddHostedService<OutboxMonitor>();
        return services.AddHostedService(provider => provider.GetRequiredService<OutboxRelay>());
    }
}
