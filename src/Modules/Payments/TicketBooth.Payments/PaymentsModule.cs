using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Paying;
using TicketBooth.Payments.Refunds;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Storage.Mongo;
using TicketBooth.Payments.Storage.Sqlite;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments;

/// <summary>Payments, their gateway and its webhooks, and refunds.</summary>
public sealed class PaymentsModule : IModule
{
    public string Name => "Payments";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(PaymentsModule).Assembly);
        services.AddSettings<PaymentsOptions>("Payments");
        services.AddSingleton<IValidateOptions<PaymentsOptions>, GatewaySetting>();
        services.AddSingleton<IValidateOptions<PaymentsOptions>, WebhookSecretSetting>();
        services.AddSettings<SandboxOptions>("Payments:Sandbox");

        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<MongoPaymentStore>();
            services.AddSingleton<IPaymentStore>(provider => provider.GetRequiredService<MongoPaymentStore>());
            services.AddSingleton<MongoSandboxLedger>();
            services.AddSingleton<ISandboxLedger>(provider => provider.GetRequiredService<MongoSandboxLedger>());
            services.AddWorker<SendAbandonedCallbacksWorker>();
        }
        else
        {
            services.AddSingleton<IPaymentStore, SqlitePaymentStore>();
            services.AddSingleton<ISandboxLedger, SqliteSandboxLedger>();
        }

        services.AddSingleton(typeof(RetryQueue<>));
        services.AddSingleton<NewExternalIds>();
        services.AddSingleton<PaymentLedger>();
        services.AddTransient<PaymentAttempts>();
        services.AddSingleton<WebhookSignatures>();
        services.AddSingleton<IInvariantCheck, PaymentsInvariants>();

        // Few connections to one address, which live long: a log line per request would say nothing.
        services
            .AddHttpClient(SandboxCallbacks.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(10))
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    MaxConnectionsPerServer = SandboxCallbacks.Parallelism,
                    UseCookies = false,
                    UseProxy = false,
                }
            )
            .RemoveAllLoggers();
        services.AddSingleton<SandboxCallbacks>();
        services.AddHostedService(provider => provider.GetRequiredService<SandboxCallbacks>());
        services.AddSingleton<IPaymentGateway, SandboxGateway>();
        services.AddWorker<StoreDeliveredCallbacksWorker>();

        services.AddWorker<RefundPaymentsWorker>();
        services.AddWorker<ForgetDeliveriesWorker>();
        services.AddWorker<StoreExternalIdsWorker>();
    }

    public void AddConsumers(ModuleConsumers consumers) => consumers.Add<RequestRefundWhenRefundDue>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        PayOrder.Map(routes);
        GetPixQrCode.Map(routes);
        ChasePayment.Map(routes);
        ReceiveWebhook.Map(routes);
    }

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
            await services.GetRequiredService<MongoSandboxLedger>().EnsureIndexesAsync(cancellationToken);
        }

        services.GetRequiredService<OutboxRelay>().Attach(store.Outbox);
    }
}
