using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Host.Web;

/// <summary>
/// The metrics of this host in Prometheus' text format at /metrics, where <c>Metrics:Enabled</c> is true: our own, those of requests and
/// those of the runtime.
/// </summary>
internal static class MetricsPage
{
    private const string Setting = "Metrics:Enabled";

    public static void AddMetricsPage(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new SettingNames("Metrics", ["Enabled"], []));
        if (IsEnabled(builder.Configuration))
        {
            builder
                .Services.AddOpenTelemetry()
                .ConfigureResource(host => host.AddService("ticketbooth"))
                .WithMetrics(metrics =>
                    metrics
                        .AddMeter(
                            "TicketBooth.*",
                            "MassTransit",
                            "Microsoft.AspNetCore.Hosting",
                            "Microsoft.AspNetCore.Server.Kestrel",
                            "System.Runtime"
                        )
                        .AddPrometheusExporter()
                );
        }
    }

    public static void MapMetricsPage(this WebApplication app)
    {
        if (IsEnabled(app.Configuration))
        {
            app.MapPrometheusScrapingEndpoint("/metrics");
        }
    }

    private static bool IsEnabled(IConfiguration configuration) => configuration.GetValue(Setting, defaultValue: false);
}
