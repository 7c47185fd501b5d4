using System.Diagnostics;
using Microsoft.Extensions.Options;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Host.Observing;

/// <summary>
/// Traces of requests and of what they cause: lanes, stores, messages, gateways. They are exported by OTLP where
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the other variables of OpenTelemetry's specification hold, too.
/// </summary>
internal static class Traces
{
    private const string PixWebhook = "/api/v1/webhooks/pix";
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTraces(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[Endpoint] is not { Length: > 0 } endpoint)
        {
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new OptionsValidationException(Endpoint, typeof(Traces), [$"{Endpoint}: give an http or https address."]);
        }

        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(host => host.AddService("ticketbooth"))
            .WithTracing(traces =>
                traces
                    .AddSource(Tracing.SourceName, "MassTransit", "MongoDB.Driver", "MySqlConnector", "System.Net.Http")
                    .AddAspNetCoreInstrumentation(requests =>
                    {
                        requests.Filter = IsWorthATrace;
                        requests.EnrichWithHttpRequest = HideSecret;
                        requests.EnrichWithHttpResponse = (activity, response) => HideSecret(activity, response.HttpContext.Request);
                    })
                    .AddOtlpExporter()
            );
    }

    /// <summary>The path of Pix's webhook has its secret in it, which no collector may learn, whatever comes of the request.</summary>
    private static void HideSecret(Activity activity, HttpRequest request)
    {
        if (request.Path.StartsWithSegments(PixWebhook, StringComparison.OrdinalIgnoreCase, out _))
        {
            activity.SetTag("url.path", PixWebhook + "/{secret}");
        }
    }

    // Balancers and Prometheus ask every few seconds, and tell nothing.
    private static bool IsWorthATrace(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments("/metrics", StringComparison.Ordinal);
}
