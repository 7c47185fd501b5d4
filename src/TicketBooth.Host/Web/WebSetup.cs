using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Host.Web.Document;

namespace TicketBooth.Host.Web;

/// <summary>What all endpoints share: strict JSON, problem documents, rate limits, health checks.</summary>
internal static class WebSetup
{
    private const long LargestBody = 64 * 1024;

    public static void AddWeb(this WebApplicationBuilder builder)
    {
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
        services.AddIdempotencyKeys();
        builder.AddMetricsPage();
        services.AddOpenApiDocument();
        services.DescribeHttpRules();
    }

    public static void UseWeb(this WebApplication app)
    {
        app.UseKnownProxies();
        app.UseWhen(
            context => !context.IsPage(),
            api =>
            {
                api.UseExceptionHandler();
                api.UseStatusCodePages(context =>
                {
                    var response = context.HttpContext.Response;
                    var problem = new ProblemDetails { Status = response.StatusCode };
                    Problems.Complete(problem, context.HttpContext, Problems.CodeOf(response.StatusCode));
                    return response.WriteAsJsonAsync(
                        problem,
                        options: null,
                        contentType: "application/problem+json",
                        context.HttpContext.RequestAborted
                    );
                });
                api.UseBodyCharsets();
            }
        );
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseAuthorization();
        app.UseIdempotencyKeys();
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        app.MapMetricsPage();
        app.MapOpenApiDocument();
    }

    /// <summary>Rejects unknown fields, missing fields and numbers in quotes instead of guessing what the client meant.</summary>
    private static void UseStrictJson(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        json.Converters.Add(new UtcTimeConverter());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }
}
