using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Payments.Cases;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Pix;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Payments.Gateways.Setup;
using TicketBooth.Payments.Gateways.Stripe;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Paying;
using TicketBooth.Payments.PersonalData;
using TicketBooth.Payments.Reconciliation;
using TicketBooth.Payments.Refunds;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Storage.Mongo;
using TicketBooth.Payments.Storage.Sqlite;

namespace TicketBooth.Payments;

/// <summary>Payments, their gateways with their webhooks, and refunds.</summary>
public sealed class PaymentsModule : IModule
{
    public string Name => "Payments";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(PaymentsModule).Assembly);
        services.AddSettingsOrDefaults<PaymentsOptions>("Payments");
        services.AddSingleton<IValidateOptions<PaymentsOptions>, GatewaySetting>();
        services.AddSingleton(new SettingNames("Payments", ["Gateways"], ["Gateways"]));
        services.AddSettingsOrDefaults<SandboxOptions>("Payments:Sandbox");
        services.AddSingleton(SettingNames.Of<StripeOptions>(StripeSettings.Section));
        services.AddSettingsOrDefaults<PixOptions>(PixOptions.Section);
        services.AddSettings<ReconciliationOptions>("Payments:Reconciliation");
        services.AddSingleton<GatewayMetrics>().AddSingleton<PaymentGateways>();
        GatewaySetting.AddGateways(services, configuration);

        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<MongoPaymentStore>();
            services.AddSingleton<IPaymentStore>(provider => provider.GetRequiredService<MongoPaymentStore>());
            services.AddSingleton<IMoneyStore, MongoMoneyStore>();
            services.AddSingleton<MongoReconciliationStore>();
            services.AddSingleton<IReconciliationStore>(provider => provider.GetRequiredService<MongoReconciliationStore>());
        }
        else
        {
            services.AddSingleton<IPaymentStore, SqlitePaymentStore>();
            services.AddSingleton<IMoneyStore, SqliteMoneyStore>();
            services.AddSingleton<IReconciliationStore, SqliteReconciliationStore>();
        }

        services.AddSingleton(typeof(RetryQueue<>));
        services.AddSingleton<NewExternalIds>();
        services.AddSingleton<UnreadWebhooks>();
        services.AddTransient<MoneyDecisions>();
        services.AddSingleton<PaymentLedger>();
        services.AddTransient<PaymentAttempts>();
        services.AddTransient<RunningAttempts>();
        services.AddSingleton<AttemptLimits>();
        services.AddSingleton<IInvariantCheck, PaymentsInvariants>();
        services.AddTransient<IPersonalData, PaymentsOfPerson>().AddTransient<IErasureObstacle, OpenMoneyOfPerson>();

        services.AddWorker<RefundPaymentsWorker>();
        services.AddWorker<EndPaymentsWorker>();
        services.AddWorker<ForgetDeliveriesWorker>();
        services.AddWorker<StoreExternalIdsWorker>();

        services.AddSingleton<MissingMoney>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<ReconciliationRuns>().AddHostedService(provider => provider.GetRequiredService<ReconciliationRuns>());
        services.AddWorker<ReconcilePaymentsWorker>();
    }

    public void AddConsumers(ModuleConsumers consumers) =>
        consumers
            .Add<RequestRefundWhenRefundDue>()
            .Add<RequestRefundWhenPartialRefundDue>()
            .Add<GiveUpPaymentWhenOrderExpired>()
            .Add<GiveUpPaymentWhenOrderCanceled>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        PayOrder.Map(routes);
        GetPixQrCode.Map(routes);
        ChasePayment.Map(routes);
        ListMoneyCases.Map(routes);
        DecideMoney.Map(routes);
        ReconcilePayments.Map(routes);
        ListReconciliations.Map(routes);
        FindReconciliation.Map(routes);
        foreach (var endpoints in routes.ServiceProvider.GetServices<GatewayEndpoints>())
        {
            endpoints.Map(routes);
        }
    }

    /// <summary>An audit needs no gateway.</summary>
    public Task VerifyAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<IOptions<StorageOptions>>().Value.ReadOnly
            ? Task.CompletedTask
            : services.GetRequiredService<PaymentGateways>().CheckAsync(cancellationToken);

    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IPaymentStore>();
        if (services.GetRequiredService<IOptions<StorageOptions>>().Value.ReadOnly)
        {
            return;
        }

        if (MongoStorage.IsOn(services.GetRequiredService<IConfiguration>()))
        {
            await services.GetRequiredService<MongoPaymentStore>().EnsureIndexesAsync(cancellationToken);
            await services.GetRequiredService<MongoReconciliationStore>().EnsureIndexesAsync(cancellationToken);
            if (services.GetService<MongoSandboxLedger>() is { } sandbox)
            {
                await sandbox.EnsureIndexesAsync(cancellationToken);
            }
        }

        services.GetRequiredService<OutboxRelay>().Attach(store.Outbox);
    }
}
