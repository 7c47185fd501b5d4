using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Payments.Audits;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Payments.Paying;
using TicketBooth.Payments.Refunds;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments;

public sealed class PaymentsModule : IModule
{
    public string Name => "Payments";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSlices(typeof(PaymentsModule).Assembly);
        services.AddSettings<PaymentsOptions>("Payments");
        services.AddSingleton<IValidateOptions<PaymentsOptions>, PaymentsOptions.Validator>();
        services.AddSettings<SandboxOptions>("Payments:Sandbox");

        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<MongoPaymentStore>();
            services.AddSingleton<IPaymentStore>(provider => provider.GetRequiredService<MongoPaymentStore>());
            services.AddSingleton<MongoSandboxLedger>();
            services.AddSingleton<ISandboxLedger>(provider => provider.GetRequiredService<MongoSandboxLedger>());
        }
        else
        {
            services.AddSingleton<IPaymentStore, SqlitePaymentStore>();
            services.AddSingleton<ISandboxLedger, SqliteSandboxLedger>();
        }

        services.AddSingleton(typeof(RetryQueue<>));
        services.AddSingleton<PaymentLedger>();
        services.AddSingleton<WebhookSignatures>();
        services.AddSingleton<IInvariantCheck, CapturedMoneyCheck>();

        // Like a host's own address book: its connections are few, live long, and are not worth a log line per request.
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

        services.AddHostedService<RefundWorker>();
        services.AddHostedService<DeliveryHousekeeping>();
    }

    public void AddConsumers(ModuleConsumers consumers) => consumers.Add<RefundDueConsumer>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        PayOrder.Map(routes);
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
