using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Dashboard;
using TicketBooth.Host.Observing;
using TicketBooth.Host.Web.Document;

namespace TicketBooth.Host.Web;

/// <summary>What all endpoints share: strict JSON, problem documents, rate limits, health checks.</summary>
internal static class WebSetup
{
    private const long LargestBody = 64 * 1024;

    public static void AddWeb(this WebApplicationBuilder builder)
    {
        builder.AddLogFormat();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(options => UseStrictJson(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ExceptionProblems>();
        services.AddProblemDetails();
        services.AddHealthChecks();
        services.AddKnownProxies();
        services.AddRateLimits();
        services.AddCompression();
        services.AddSettings<WebOptions>("Web");
        services.AddCrossOrigin();
        services.AddAccess();
        services.AddIdempotencyKeys();
        builder.AddMetricsPage();
        builder.AddTraces();
        services.AddOpenApiDocument();
        services.DescribeHttpRules();
    }

    /// <returns>Where modules map their endpoints.</returns>
    public static IEndpointRouteBuilder UseWeb(this WebApplication app, IReadOnlyList<IModule> modules)
    {
        app.UseKnownProxies();
        app.UseResponseHeaders();
        app.UseCompression();
        app.UseWhen(
            context => !context.IsPage(),
            api =>
            {
                api.UseExceptionHandler();
                api.UseEmptyErrors();
                api.UseBodyCharsets();
            }
        );
        app.UseRouting();
        app.UseCrossOrigin();
        app.UseAccess(RateLimiting.UseRateLimits);
        app.UseIdempotencyKeys();
        var routes = app.MapRules();
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false }).ShortCircuit();
        routes.MapHealthChecks("/health/ready");
        app.MapMetricsPage();
        var hasReference = HasReference(app);
        if (hasReference)
        {
            routes.MapOpenApiDocument();
        }

        routes.MapStartPage(hasReference, modules.Any(module => module is DashboardModule));
        return routes;
    }

    /// <summary>
    /// Whether the OpenAPI document and the reference page are served, by <c>Web:ApiReference</c>: everywhere but in Production unless the
    /// setting says otherwise, because they name every address of the back office's API to whoever asks.
    /// </summary>
    private static bool HasReference(WebApplication app) =>
        app.Configuration.GetValue<bool?>("Web:" + nameof(WebOptions.ApiReference)) ?? !app.Environment.IsProduction();

    /// <summary>
    /// Rejects unknown fields, missing fields, fields sent twice and numbers in quotes instead of guessing what the client meant.
    /// </summary>
    private static void UseStrictJson(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        json.Converters.Add(new UtcTimeConverter());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }
}
