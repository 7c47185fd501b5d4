using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Host.Observing;

/// <summary>
/// The metrics of this host in Prometheus' text format at /metrics: our own, those of requests and those of the runtime. With
/// <c>Metrics:Port</c> on a port of their own, with <c>Metrics:Enabled</c> beside everything else.
/// </summary>
internal static class MetricsPage
{
    private const string Path = "/metrics";
    private const string EnabledSetting = "Metrics:Enabled";
    private const string PortSetting = "Metrics:Port";
    private const int HighestPort = 65_535;

    public static void AddMetricsPage(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new SettingNames("Metrics", ["Enabled", "Port"], []));
        if (!IsEnabled(builder.Configuration) && PortOf(builder.Configuration) is null)
        {
            return;
        }

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

    public static void MapMetricsPage(this WebApplication app)
    {
        if (IsEnabled(app.Configuration))
        {
            app.MapPrometheusScrapingEndpoint(Path);
        }
    }

    /// <summary>Serves the page on its own port, if the setting says so, until the host's services are disposed.</summary>
    /// <exception cref="OptionsValidationException">The port cannot be served.</exception>
    public static async Task StartMetricsPortAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        if (PortOf(app.Configuration) is not { } port)
        {
            return;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(port);
        });
        var page = builder.Build();
        page.UseOpenTelemetryPrometheusScrapingEndpoint(
            app.Services.GetRequiredService<MeterProvider>(),
            predicate: null,
            Path,
            configureBranchedPipeline: null,
            optionsName: null
        );
        app.Lifetime.ApplicationStopped.Register(() => ((IDisposable)page).Dispose());
        try
        {
            await page.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException or IOException { InnerException: AddressInUseException })
        {
            throw Refuse(failure.Message);
        }
    }

    private static bool IsEnabled(IConfiguration configuration) => configuration.GetValue(EnabledSetting, defaultValue: false);

    private static int? PortOf(IConfiguration configuration) =>
        configuration.GetValue<int?>(PortSetting) switch
        {
            null => null,
            > 0 and <= HighestPort and var port => port,
            var wrong => throw Refuse($"{wrong} is not a port; give 1 to {HighestPort}."),
        };

    private static OptionsValidationException Refuse(string reason) =>
        new(PortSetting, typeof(MetricsPage), [$"{PortSetting}: {reason}"]);
}
