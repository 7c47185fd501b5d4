using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Redis;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Pricing;
using TicketBooth.Events.Reads;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;
using TicketBooth.Events.Storage.Mongo;
using TicketBooth.Events.Storage.Sqlite;
using TicketBooth.Events.TicketStates;

namespace TicketBooth.Events;

public sealed class EventsModule : IModule
{
    public string Name => "Events";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(EventsModule).Assembly);
        services.AddSettings<EventsOptions>("Events");
        AddStores(services, configuration);
        AddReadCache(services, configuration);
        services.AddSingleton<GetEvent.Handler>();
        services.AddSingleton<ListEvents.Handler>();
        services.AddSingleton<ListTickets.Handler>();
        services.AddSingleton<IBatchWriter<TicketUpdate>, TicketStateWriter>();
        services.AddSingleton<PriceMetrics>().AddSingleton<EventWriter>();
        services.AddWorker<FollowDemandWorker>();
        services.AddWorker<ForgetDemandWorker>();
        services.AddTransient<IInvariantCheck, EventsInvariants>();
    }

    public void AddConsumers(ModuleConsumers consumers) =>
        consumers
            .Add<HoldTicketsWhenOrderPlaced>()
            .Add<SellTicketsWhenOrderPaid>()
            .Add<ReleaseTicketsWhenOrderExpired>()
            .Add<ReleaseTicketsWhenOrderCanceled>()
            .Add<ReleaseTicketsWhenOrderRefunded>()
            .Add<ReleaseTicketsWhenOrderPartlyRefunded>()
            .Add<FollowBlockWhenTicketBlockChanged>()
            .ApplyInBatches<TicketUpdate>()
            .YieldToSales();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        CreateEvent.Map(routes);
        EditEvent.Map(routes);
        PublishEvent.Map(routes);
        CancelEvent.Map(routes);
        DeleteDraft.Map(routes);
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

    /// <summary>Opens the storage, and publishes its messages unless this process only reads.</summary>
    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IEventStore>();
        if (services.GetRequiredService<IOptions<StorageOptions>>().Value.ReadOnly)
        {
            return;
        }

        if (MongoStorage.IsOn(services.GetRequiredService<IConfiguration>()))
        {
            await services.GetRequiredService<MongoEventsDatabase>().EnsureIndexesAsync(cancellationToken);
        }

        services.GetRequiredService<OutboxRelay>().Attach(store.Outbox);
    }

    private static void AddStores(IServiceCollection services, IConfiguration configuration)
    {
        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<MongoEventsDatabase>();
            services.AddSingleton<IEventStore, MongoEventStore>();
            services.AddSingleton<ITicketStateStore, MongoTicketStateStore>();
            services.AddSingleton<IPriceHistoryStore, MongoPriceHistoryStore>();
        }
        else
        {
            services.AddSingleton<SqliteEventsDatabase>();
            services.AddSingleton<IEventStore, SqliteEventStore>();
            services.AddSingleton<ITicketStateStore, SqliteTicketStateStore>();
            services.AddSingleton<IPriceHistoryStore, SqlitePriceHistoryStore>();
        }
    }

    private static void AddReadCache(IServiceCollection services, IConfiguration configuration)
    {
        if (RedisLink.IsOn(configuration))
        {
            services.AddSingleton<SharedReads>();
            services.AddWorker<SendHeartbeatWorker>();
        }

        // Several hosts without Redis are not told of each other's changes.
        TimeSpan? longest = MongoStorage.IsOn(configuration) ? SharedReads.AloneFor : null;
        services.AddSingleton(provider => new ReadCache(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<SharedReads>(),
            longest,
            ReadCache.GenerationOf(provider.GetRequiredService<IOptions<EventsOptions>>().Value.ReadCacheMegabytes)
        ));
    }
}
