using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Webhooks;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>All that the sandbox needs, for hosts that have it on.</summary>
internal static class SandboxRegistration
{
    public static void AddSandbox(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<PaymentsOptions>, WebhookSecretSetting>();
        services.AddSingleton<WebhookSignatures>();
        if (MongoStorage.IsOn(configuration))
        {
            services.AddSingleton<MongoSandboxLedger>();
            services.AddSingleton<ISandboxLedger>(provider => provider.GetRequiredService<MongoSandboxLedger>());
            services.AddWorker<SendAbandonedCallbacksWorker>();
        }
        else
        {
            services.AddSingleton<ISandboxLedger, SqliteSandboxLedger>();
        }

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
        services.AddSingleton<SandboxGateway>();
        services.AddSingleton<IPaymentGateway>(provider => provider.GetRequiredService<SandboxGateway>());
        services.AddWorker<StoreDeliveredCallbacksWorker>();
        services.AddSingleton(new GatewayEndpoints(ReceiveWebhook.Map));
        services.AddSingleton(new GatewayEndpoints(SandboxSteps.Map));
    }
}
