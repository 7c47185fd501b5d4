using Microsoft.Extensions.Configuration;
using TicketBooth.Booking.Counter;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Orders;
using TicketBooth.Booking.Payments;
using TicketBooth.Booking.PersonalData;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Mongo;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web.Mediation;

namespace TicketBooth.Booking;

/// <summary>Orders: places, expires, confirms and cancels them, and so decides who has which ticket.</summary>
public sealed class BookingModule : IModule
{
    public string Name => "Booking";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<BookingOptions>("Booking");
        services.AddSlices(typeof(BookingModule).Assembly);
        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton(provider => new MongoBookingDirectory(provider.GetRequiredService<MongoStorage>().Database("booking")));
            services.AddSingleton<IBookingDirectory>(provider => provider.GetRequiredService<MongoBookingDirectory>());
            services.AddSingleton<IOrderStores, MongoOrderStores>();
            services.AddSingleton(provider => new MongoShiftStore(provider.GetRequiredService<MongoStorage>().Database("booking")));
            services.AddSingleton<IShiftStore>(provider => provider.GetRequiredService<MongoShiftStore>());
        }
        else
        {
            services.AddSingleton<IBookingDirectory>(provider =>
            {
                var storage = provider.GetRequiredService<EmbeddedStorage>();
                return new SqliteBookingDirectory(storage.Open("booking", SqliteBookingDirectory.Schema), shard =>
                    SqliteOrderStores.Has(storage, shard)
                );
            });
            services.AddSingleton<IOrderStores, SqliteOrderStores>();
            services.AddSingleton<IShiftStore>(provider => new SqliteShiftStore(
                provider.GetRequiredService<EmbeddedStorage>().Open("booking", SqliteBookingDirectory.Schema)
            ));
        }

        services.AddSingleton<OnSaleCatalog>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<LaneMetrics>().AddSingleton<ShardRegistry>();
        services.AddSingleton<CanceledEvents>();
        services.AddSingleton<ShiftBook>();
        services.AddSingleton<CounterPayBacks>();
        services.AddScoped<CounterInvariants>();
        services.AddTransient<PaymentProgressOf>();
        services.AddSingleton<IBatchWriter<PaymentEffect>, PaymentEffectWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<ShardRegistry>());
        services.AddWorker<OpenShardsWorker>().AddWorker<ReleaseHoldsWorker>().AddWorker<SettlePaymentsWorker>();
        services.AddWorker<ForgetIdempotencyKeysWorker>().AddWorker<RestLanesWorker>();
        services.AddWorker<RefreshEventsOnSaleWorker>().AddWorker<CancelOrdersOfCanceledEventsWorker>();
        services.AddScoped<IInvariantCheck, BookingInvariants>();
        services.AddScoped<IErasureObstacle, OpenOrdersOfPerson>();
        services.AddSingleton<IPersonalData, OrdersOfPerson>().AddSingleton<IPersonalData, CounterSalesToPerson>();
    }

    public void AddConsumers(ModuleConsumers consumers)
    {
        ArgumentNullException.ThrowIfNull(consumers);
        consumers
            .Add<RefreshEventWhenEventPublished>()
            .Add<RefreshEventWhenEventChanged>()
            .Add<RefreshEventWhenTicketPriceChanged>()
            .Add<CancelOrdersWhenEventCanceled>()
            .Add<PayOrderWhenPaymentConfirmed>()
            .Add<RecordDeclineWhenPaymentDeclined>()
            .Add<RecordRefundWhenPaymentRefunded>()
            .Add<RecordRefundWhenPaymentPartlyRefunded>()
            .Add<RecordFailureWhenRefundFailed>()
            .Add<RecordRefundWhenRefundTriedAgain>()
            .Add<MarkOrderWhenPaymentDisputed>()
            .Add<ForgetCounterBuyersWhenAccountErased>()
            .ApplyInBatches<PaymentEffect>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        Orders.RequestOrder.Map(routes);
        ListOrders.Map(routes);
        GetOrder.Map(routes);
        Orders.CancelOrder.Map(routes);
        Orders.RefundOrder.Map(routes);
        TicketBlocks.BlockTickets.Map(routes);
        TicketBlocks.ListTicketBlocks.Map(routes);
        TicketBlocks.ReleaseTicketBlock.Map(routes);
        Counter.SellAtCounter.Map(routes);
        Counter.VoidCounterSale.Map(routes);
        Counter.PayBackAtCounter.Map(routes);
        Counter.ListOwedAtCounter.Map(routes);
        Counter.SetComplimentaryAllowance.Map(routes);
        Counter.OpenShift.Map(routes);
        Counter.CloseShift.Map(routes);
        Counter.MoveShiftCash.Map(routes);
        Counter.GetShift.Map(routes);
        Counter.ListShifts.Map(routes);
    }

    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<MongoBookingDirectory>() is { } directory && !services.GetRequiredService<MongoStorage>().ReadOnly)
        {
            await directory.EnsureIndexesAsync(cancellationToken);
            await services.GetRequiredService<MongoShiftStore>().EnsureIndexesAsync(cancellationToken);
        }

        await services.GetRequiredService<ShardRegistry>().OpenAllAsync();
    }
}
