using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Messaging;

public static class MessagingExtensions
{
    /// <summary>
    /// Registers the modules' consumers and the relay. Of the in-memory bus only the consume pipeline is used; no message is sent over it.
    /// </summary>
    /// <param name="services">Must also get <see cref="DeadLetters.IDeadLetters"/> and <see cref="IOutageDetector"/>.</param>
    /// <param name="modules">The modules whose consumers get messages.</param>
    /// <param name="addBroker">Registers a <see cref="MessageBroker"/> with an outlet where one is configured.</param>
    public static IServiceCollection AddMessaging(
        this IServiceCollection services,
        IEnumerable<IModule> modules,
        Action<IServiceCollection>? addBroker = null
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

        services.AddSingleton<MessageMetrics>().AddSingleton<ModuleDeliveries>();

        // Before the relay, so that it starts when the topics exist, and stops before the producer does.
        addBroker?.Invoke(services);
        services.TryAddSingleton<MessageBroker>();
        services.AddSingleton(new SalesActivity(TimeProvider.System));
        services.AddSingleton(provider => new SalesPauses(provider.GetRequiredService<SalesActivity>(), TimeProvider.System));
        services.AddSingleton<OutboxRelay>();
        services.AddWorker<ForgetOldMessagesWorker>();
        services.AddWorker<MeasureOutboxesWorker>();
        services.AddScoped<IInvariantCheck, OutboxInvariant>();
        return services.AddHostedService(provider => provider.GetRequiredService<OutboxRelay>());
    }
}
