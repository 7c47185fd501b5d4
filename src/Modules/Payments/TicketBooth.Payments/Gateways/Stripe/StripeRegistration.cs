using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>All that Stripe needs, for hosts that have it on.</summary>
internal static class StripeRegistration
{
    // Longer than that, a name may lead elsewhere.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static void AddStripe(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettingsOrDefaults<StripeOptions>(StripeSettings.Section);
        services.AddSingleton<IValidateOptions<StripeOptions>, StripeSettings>();

        // One client for the host's life, so its handler is not replaced: its connections are. No log line per request: addresses hold ids.
        services
            .AddHttpClient(
                StripeApi.HttpClientName,
                (provider, client) =>
                    client.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<StripeOptions>>().Value.TimeoutSeconds)
            )
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    PooledConnectionLifetime = ConnectionLifetime,
                    ConnectTimeout = ConnectTimeout,
                    AllowAutoRedirect = false,
                    UseCookies = false,
                }
            )
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddSingleton<StripeApi>();
        services.AddSingleton<StripeIntents>();
        services.AddSingleton<StripeRefunds>();
        services.AddSingleton<StripeGateway>();
        services.AddSingleton<IPaymentGateway>(provider => provider.GetRequiredService<StripeGateway>());
        services.AddTransient<StripeEvents>();
        services.AddSingleton(new GatewayEndpoints(ReceiveStripeWebhook.Map));
    }
}
