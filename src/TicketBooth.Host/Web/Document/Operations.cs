using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web.Document;

/// <summary>Operations: who may call them, what they take and what they answer.</summary>
internal static class Operations
{
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Security = metadata.OfType<IAuthorizeData>().Any()
            ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OpenApiSetup.Bearer, context.Document)] = [] }]
            : [];
        if (metadata.OfType<IAuthorizeData>().Select(rule => rule.Roles).OfType<string>().FirstOrDefault() is { } roles)
        {
            operation.Description = $"{operation.Description} {WhoHas(roles)}".Trim();
        }

        Parameters.Describe(operation, metadata);
        Errors.Describe(operation, metadata, context);
        AddExamples(operation, metadata.OfType<Examples>().FirstOrDefault());
        AddHeaders(operation, metadata.OfType<ResponseHeader>());
        if (metadata.OfType<EnableRateLimitingAttribute>().Any())
        {
            AddRateLimitHeaders(operation);
        }

        return Task.CompletedTask;
    }

    public static OpenApiHeader Header(string description) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };

    private static string WhoHas(string roles) =>
        roles switch
        {
            Roles.Admin => "For administrators.",
            _ when roles.Contains(Roles.Door, StringComparison.Ordinal) => "For door staff, clerks and administrators.",
            _ => "For clerks and administrators.",
        };

    private static void AddExamples(OpenApiOperation operation, Examples? examples)
    {
        if (examples?.Request is { } request && operation.RequestBody?.Content?.Values.FirstOrDefault() is { } body)
        {
            body.Example = JsonNode.Parse(request);
        }

        if (examples?.Response is { } answer)
        {
            foreach (var content in Successes(operation).SelectMany(response => response.Content?.Values ?? []))
            {
                content.Example = JsonNode.Parse(answer);
            }
        }
    }

    private static IEnumerable<OpenApiResponse> Successes(OpenApiOperation operation) =>
        (operation.Responses ?? []).Where(response => response.Key[0] == '2').Select(response => response.Value).OfType<OpenApiResponse>();

    private static void AddRateLimitHeaders(OpenApiOperation operation)
    {
        foreach (var response in (operation.Responses ?? []).Values.OfType<OpenApiResponse>())
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            response.Headers[RateLimiting.PolicyHeader] = Header("The limit: `q` requests at once, which are all back after `w` seconds.");
            response.Headers[RateLimiting.StateHeader] = Header(
                "`r` requests are left; in `t` seconds all are. May be missing from a refusal."
            );
        }
    }

    private static void AddHeaders(OpenApiOperation operation, IEnumerable<ResponseHeader> headers)
    {
        foreach (var header in headers)
        {
            if (operation.Responses?.GetValueOrDefault(Errors.Text(header.Status)) is OpenApiResponse response)
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
                response.Headers[header.Name] = Header(header.Description);
            }
        }
    }
}
