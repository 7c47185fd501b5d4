using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web;

/// <summary>The OpenAPI document at /openapi/v1.json and the reference page at /docs.</summary>
internal static class OpenApiSetup
{
    private const string Bearer = "Bearer";
    private const string ProblemJson = "application/problem+json";

    public static void AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
        {
            options.CreateSchemaReferenceId = SchemaId;
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = "TicketBooth",
                        Version = "v1",
                        Description = """
                            The ticket office. Prices and totals are integer cents with an ISO 4217 currency; times are UTC, ISO 8601;
                            ids are UUIDs, opaque to clients.
                            Errors are RFC 9457 problem documents with a stable `code`. Lists are paged by cursor.
                            """,
                    };
                    document.Components ??= new OpenApiComponents();
                    document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
                    {
                        [Bearer] = new OpenApiSecurityScheme
                        {
                            Type = SecuritySchemeType.Http,
                            Scheme = "bearer",
                            BearerFormat = "JWT",
                            Description = "The `accessToken` of POST /api/v1/accounts/token.",
                        },
                    };
                    return Task.CompletedTask;
                }
            );
            options.AddOperationTransformer(
                (operation, context, _) =>
                {
                    Describe(operation, context);
                    return Task.CompletedTask;
                }
            );
            options.AddSchemaTransformer(
                (schema, context, _) =>
                {
                    if (context.JsonTypeInfo.Type == typeof(ProblemDetails))
                    {
                        DescribeProblem(schema);
                    }

                    return Task.CompletedTask;
                }
            );
        });

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapScalarApiReference("/docs", options => options
                .WithTitle("TicketBooth API")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts()
                .DisableTelemetry()
                // Services of the library's vendor that send this document elsewhere.
                .HideDeveloperTools()
                .HideClientButton()
                .DisableAgent()
                .DisableMcp());
    }

    /// <summary>Slices nest their types, so a dozen schemas would be named <c>Request</c>: the slice's name is put in front.</summary>
    private static string? SchemaId(JsonTypeInfo info)
    {
        var id = OpenApiOptions.CreateDefaultSchemaReferenceId(info);
        return id is not null && info.Type is { IsNested: true, DeclaringType: { } slice } && !slice.IsGenericType ? slice.Name + id : id;
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        }

        var examples = metadata.OfType<Examples>().FirstOrDefault();
        if (examples?.Request is { } request && operation.RequestBody?.Content?.Values.FirstOrDefault() is { } body)
        {
            body.Example = JsonNode.Parse(request);
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response.Content is not { Count: > 0 } content)
            {
                continue;
            }

            if (status[0] == '2' && examples?.Response is { } answer)
            {
                content.Values.First().Example = JsonNode.Parse(answer);
            }
            else if (content.TryGetValue(ProblemJson, out var problem))
            {
                problem.Example = ProblemExample(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "RFC 9457. Switch on `code`; the texts may change.";
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable, kebab-case." };
        schema.Properties["traceId"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "Finds the request in the server's logs.",
        };
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object | JsonSchemaType.Null,
            Description = "With `validation-failed`: the messages by field.",
            AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };
        schema.Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "code", "traceId" };
    }

    private static JsonObject ProblemExample(int status)
    {
        var problem = new ProblemDetails { Status = status };
        Problems.Complete(
            problem,
            new DefaultHttpContext { TraceIdentifier = "4bf92f3577b34da6a3ce929d0e0e4736" },
            Problems.CodeOf(status)
        );
        return new JsonObject
        {
            ["type"] = problem.Type,
            ["title"] = problem.Title,
            ["status"] = status,
            ["code"] = (string?)problem.Extensions["code"],
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
    }
}
