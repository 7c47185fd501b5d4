using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Redis;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Events.Auditing;
using TicketBooth.Events.Browsing;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Pricing;
using TicketBooth.Events.Selling;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events;

public sealed class EventsModule : IModule
{
    public string Name => "Events";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(EventsModule).Assembly);
        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<MongoEventStore>();
            services.AddSingleton<IEventStore>(provider => provider.GetRequiredService<MongoEventStore>());
        }
        else
        {
            services.AddSingleton<IEventStore, SqliteEventStore>();
        }

        AddReadCache(services, configuration);
        services.AddSingleton<GetEvent.Handler>();
        services.AddSingleton<ListEvents.Handler>();
        services.AddSingleton<ListTickets.Handler>();
        services.AddSingleton<FollowOrders.Follower>();
        services.AddSingleton<EventWriter>();
        services.AddSingleton<DemandPricing>();
        services.AddHostedService(provider => provider.GetRequiredService<DemandPricing>());
        services.AddTransient<IInvariantCheck, EventsAudit>();
    }

    public void AddConsumers(ModuleConsumers consumers) => FollowOrders.AddTo(consumers);

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        CreateEvent.Map(routes);
        EditEvent.Map(routes);
        PublishEvent.Map(routes);
        CancelEvent.Map(routes);
        ListEvents.Map(routes);
        GetEvent.Map(routes);
        ListTickets.Map(routes);
        AdjustPrices.Map(routes);
        GetPricing.Map(routes);
        ChangePricingPolicy.Map(routes);
        DryRunPricing.Map(routes);
        GetPriceHistory.Map(routes);
        GetPriceChart.Map(routes);
    }

    /// <summary>Opens the storage; its messages flow unless this process only looks.</summary>
    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IEventStore>();
        if (services.GetRequiredService<IOptions<StorageOptions>>().Value.ReadOnly)
        {
            return;
        }

        if (MongoStorage.IsOn(services.GetRequiredService<IConfiguration>()))
        {
            await services.GetRequiredService<MongoEventStore>().EnsureIndexesAsync(cancellationToken);
        }

        services.GetRequiredService<OutboxRelay>().Attach(store.Outbox);
    }

    private static void AddReadCache(IServiceCollection services, IConfiguration configuration)
    {
        if (RedisLink.IsOn(configuration))
        {
            services.AddSingleton<SharedReads>();
            services.AddHostedService(provider => provider.GetRequiredService<SharedReads>());
        }

        // Several hosts without Redis: nothing tells this one of changes at another.
        TimeSpan? longest = MongoStorage.IsOn(configuration) ? SharedReads.AloneFor : null;
        services.AddSingleton(provider => new ReadCache(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<SharedReads>(),
            longest
        ));
    }
}
