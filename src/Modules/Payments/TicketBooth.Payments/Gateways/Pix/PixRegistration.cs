using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>All that Pix needs, for hosts that have it on.</summary>
internal static class PixRegistration
{
    private const int LargestAnswer = 8 * 1024 * 1024;

    public static void AddPix(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<PixOptions>, PixSettings>();
        services.AddSingleton<PixCertificates>();
        services.AddSingleton<IExpiringCertificate>(provider => provider.GetRequiredService<PixCertificates>());
        services.AddWorker<WatchPixCertificateWorker>();
        services
            .AddHttpClient(PixAccess.HttpClientName)
            .ConfigureHttpClient(
                (provider, client) =>
                {
                    client.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<PixOptions>>().Value.TimeoutSeconds);
                    client.MaxResponseContentBufferSize = LargestAnswer;
                }
            )
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                // A token must not follow wherever an answer points.
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                SslOptions = provider.GetRequiredService<PixCertificates>().Tls,
            })
            .RemoveAllLoggers();
        services.AddSingleton<PixAccess>();
        services.AddSingleton<PixApi>();
        services.AddSingleton<PixReader>();
        services.AddSingleton<PixNotices>();
        services.AddSingleton<IPaymentGateway, PixGateway>();
        services.AddWorker<RegisterPixWebhookWorker>();
        services.AddSingleton(new GatewayEndpoints(ReceivePixWebhook.Map));
    }
}
