using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketBooth.BuildingBlocks.Kafka.Health;
using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Kafka;

public static class KafkaExtensions
{
    /// <summary>Puts Kafka between the modules where <c>ConnectionStrings:Kafka</c> switches it on.</summary>
    public static void AddKafka(this IServiceCollection services, IConfiguration configuration)
    {
        if (KafkaConnection.IsOn(configuration))
        {
            services.AddKafka(provider => provider.GetRequiredService<ModuleDeliveries>().All);
        }
    }

    /// <summary>
    /// Registers the <see cref="MessageBroker"/> for the relay, the service that gives the modules what comes from their topics, and the health check
    /// <c>kafka</c>; puts what becomes a dead letter into the dead-letter topics too. Topics follow from the registered <see cref="ModuleConsumers"/>.
    /// </summary>
    /// <param name="modules">
    /// Who takes the messages of each module that consumes any, by the module's name. Asked when the hosted services are made: before the bus starts.
    /// </param>
    internal static IServiceCollection AddKafka(
        this IServiceCollection services,
        Func<IServiceProvider, IEnumerable<IMessageDestination>> modules
    )
    {
        services.AddSettings<KafkaOptions>("Kafka");
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new KafkaModules(new Lazy<IReadOnlyList<IMessageDestination>>(() => [.. modules(provider)])));
        services.AddSingleton<KafkaConnection>();
        services.AddSingleton<KafkaTopics>();
        services.AddSingleton<KafkaMetrics>();
        services.AddSingleton<KafkaProducer>();
        services.AddSingleton<KafkaOutlet>();
        services.AddSingleton(provider => new MessageBroker { Outlet = provider.GetRequiredService<KafkaOutlet>() });
        services.Decorate<IDeadLetters, KafkaDeadLetters>();
        services.AddSingleton<KafkaDeadLetterTopic>();
        services.AddSingleton<KafkaProvisioner>();
        services.AddSingleton<KafkaMonitor>();
        services.AddSingleton<KafkaService>();
        services.AddHostedService(provider => provider.GetRequiredService<KafkaService>());
        services.AddHealthChecks().AddCheck<KafkaHealthCheck>("kafka");
        return services;
    }
}
