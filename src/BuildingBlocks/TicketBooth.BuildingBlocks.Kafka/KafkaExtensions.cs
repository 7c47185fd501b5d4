using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
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
    /// <summary>Sends the messages between modules through Kafka where <c>ConnectionStrings:Kafka</c> is set.</summary>
    public static void AddKafka(this IServiceCollection services, IConfiguration configuration)
    {
        if (KafkaConnection.IsOn(configuration))
        {
            services.AddKafka(provider => provider.GetRequiredService<ModuleDeliveries>().All);
        }
        else
        {
            services.AddSingleton(SettingNames.Of<KafkaOptions>("Kafka"));
        }
    }

    /// <summary>Fails with <see cref="OptionsValidationException"/> when Kafka is configured and no broker answers.</summary>
    public static Task VerifyKafkaAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetService<KafkaProvisioner>()?.VerifyAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Registers the <see cref="MessageBroker"/> for the relay, the service that delivers the modules' messages from their topics, and the
    /// health check <c>kafka</c>. Dead letters go to the dead-letter topics too. The registered <see cref="ModuleConsumers"/> decide which
    /// topics there are.
    /// </summary>
    /// <param name="modules">
    /// The modules that consume messages. Called when the hosted services are created, which is before the bus starts.
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
        services.AddSingleton<KafkaConsumers>();
        services.AddHostedService<KafkaService>();

        // After the service, which has checked the brokers and the topics by then.
        services.AddWorker<MeasureKafkaLagWorker>();
        services.AddSingleton<KafkaHealthCheck>();
        services.AddHealthChecks().AddCheck<KafkaHealthCheck>("kafka");
        return services;
    }
}
