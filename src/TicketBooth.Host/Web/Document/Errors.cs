using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.Host.Web.Document;

/// <summary>How operations fail: by status, with an example for each code.</summary>
internal static class Errors
{
    private const string ProblemJson = "application/problem+json";
    private const string RequestInProgress = "request-in-progress";
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static void Describe(OpenApiOperation operation, IList<object> metadata, OpenApiOperationTransformerContext context)
    {
        var codes = new SortedDictionary<int, SortedSet<string>>();
        foreach (var (status, own) in metadata.OfType<ErrorCodes>())
        {
            Add(codes, status, [.. own]);
        }

        AddCommon(codes, operation, metadata);
        var use = metadata.OfType<IdempotencyKeyUse>().FirstOrDefault();
        if (context.Description.HttpMethod == HttpMethods.Post && use != IdempotencyKeyUse.None)
        {
            if (use != IdempotencyKeyUse.ByEndpoint)
            {
                Add(codes, StatusCodes.Status409Conflict, RequestInProgress);
            }

            Add(codes, StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "validation-failed");
        }

        operation.Responses ??= [];
        foreach (var status in operation.Responses.Keys.Where(status => status[0] is '4' or '5').Select(int.Parse).ToList())
        {
            if (!codes.ContainsKey(status))
            {
                Add(codes, status, Problems.CodeOf(status));
            }
        }

        foreach (var (status, known) in codes)
        {
            operation.Responses[Text(status)] = ResponseOf(status, known, context.Document);
        }
    }

    public static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static void Add(SortedDictionary<int, SortedSet<string>> codes, int status, params string[] more)
    {
        if (!codes.TryGetValue(status, out var known))
        {
            codes[status] = known = new SortedSet<string>(StringComparer.Ordinal);
        }

        known.UnionWith(more);
    }

    /// <summary>What the host answers before the endpoint does, or for it.</summary>
    private static void AddCommon(SortedDictionary<int, SortedSet<string>> codes, OpenApiOperation operation, IList<object> metadata)
    {
        var parameters = operation.Parameters ?? [];
        if (operation.RequestBody is not null)
        {
            Add(codes, StatusCodes.Status400BadRequest, "malformed-request", "malformed-json", "missing-field", "unknown-field");
            Add(codes, StatusCodes.Status413PayloadTooLarge, Problems.CodeOf(StatusCodes.Status413PayloadTooLarge));
            Add(codes, StatusCodes.Status415UnsupportedMediaType, Problems.CodeOf(StatusCodes.Status415UnsupportedMediaType));
        }

        if (parameters.Any(parameter => parameter.In == ParameterLocation.Query))
        {
            Add(codes, StatusCodes.Status400BadRequest, "malformed-request");
        }

        if (parameters.Any(parameter => parameter.In == ParameterLocation.Path))
        {
            Add(codes, StatusCodes.Status404NotFound, Problems.CodeOf(StatusCodes.Status404NotFound));
        }

        if (metadata.OfType<IAuthorizeData>().ToList() is { Count: > 0 } rules)
        {
            Add(
                codes,
                StatusCodes.Status401Unauthorized,
                "unauthenticated",
                "token-ended",
                "token-expired",
                "token-invalid",
                "token-outdated"
            );
            if (rules.Any(rule => rule.Roles is not null))
            {
                Add(codes, StatusCodes.Status403Forbidden, Problems.CodeOf(StatusCodes.Status403Forbidden));
            }
        }

        if (metadata.OfType<EnableRateLimitingAttribute>().Any())
        {
            Add(codes, StatusCodes.Status429TooManyRequests, Problems.CodeOf(StatusCodes.Status429TooManyRequests));
        }

        Add(codes, StatusCodes.Status500InternalServerError, Problems.CodeOf(StatusCodes.Status500InternalServerError));
        Add(codes, StatusCodes.Status503ServiceUnavailable, Problems.CodeOf(StatusCodes.Status503ServiceUnavailable));
    }

    private static OpenApiResponse ResponseOf(int status, SortedSet<string> codes, OpenApiDocument? document)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join(", ", codes.Select(code => $"`{code}`")),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemJson] = new()
                {
                    Schema = new OpenApiSchemaReference(nameof(ProblemDetails), document),
                    Examples = codes.ToDictionary(code => code, code => ExampleOf(status, code), StringComparer.Ordinal),
                },
            },
        };
        foreach (var (name, description) in HeadersOf(status, codes))
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            response.Headers[name] = Operations.Header(description);
        }

        return response;
    }

    private static IEnumerable<(string Name, string Description)> HeadersOf(int status, SortedSet<string> codes)
    {
        if (codes.Contains("unauthenticated"))
        {
            yield return ("WWW-Authenticate", "`Bearer`, and what is wrong with the token.");
        }

        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            yield return ("Retry-After", "Seconds to wait before the next attempt.");
        }
        else if (codes.FirstOrDefault(code => code is "locked-out" or RequestInProgress) is { } wait)
        {
            yield return ("Retry-After", $"With `{wait}`: seconds to wait before the next attempt.");
        }
    }

    private static IOpenApiExample ExampleOf(int status, string code)
    {
        var value = new JsonObject
        {
            ["type"] = Problems.TypeOf(code),
            ["title"] = Problems.TitleOf(status),
            ["status"] = status,
            ["code"] = code,
            ["traceId"] = TraceId,
        };
        if (code == "validation-failed")
        {
            value["errors"] = new JsonObject { ["name"] = new JsonArray("What is wrong with it.") };
        }

        return new OpenApiExample { Value = value };
    }
}
