using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace TicketBooth.Host.Web.Document;

/// <summary>Schemas of our types: what the framework's generator cannot see is added here.</summary>
internal static class Schemas
{
    /// <summary>Slices nest their types, so a dozen schemas would be named <c>Request</c>: the slice's name is put in front.</summary>
    public static string? IdOf(JsonTypeInfo info)
    {
        var id = OpenApiOptions.CreateDefaultSchemaReferenceId(info);
        return id is not null && info.Type is { IsNested: true, DeclaringType: { } slice } && !slice.IsGenericType ? slice.Name + id : id;
    }

    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
        {
            // Times have a converter of their own, which the generator does not look into.
            schema.Type = type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (schema.Enum is { Count: > 0 } values)
        {
            // Whether it may be null is told where it is used.
            schema.Enum = [.. values.Where(value => value is not null)];
            schema.Type = JsonSchemaType.String;
        }
        else if (type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }

        Limits.Add(schema, context);
        return Task.CompletedTask;
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "RFC 9457. Switch on `code`; the texts may change.";
        schema.Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text("A URN with the code."),
            ["title"] = Text("The kind of failure, for people."),
            ["status"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Description = "As in the status line.",
            },
            ["detail"] = Text("What went wrong this time, for people.", orNull: true),
            ["code"] = Text("Stable, kebab-case."),
            ["traceId"] = Text("Finds the request in the server's logs."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "With `validation-failed`: the messages by field.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
            ["orderId"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = "uuid",
                Description = "With a refusal whose reason is an order of the buyer's own: which one.",
            },
            ["total"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Description = "With `price-changed`: what the order costs now, in cents.",
            },
            ["available"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Description = "With `not-enough-tickets`, where tickets of one tier are blocked: how many it has left.",
            },
            ["ids"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "With `tickets-unavailable`: the tickets that somebody has or that are off sale already.",
                Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            },
        };
        schema.Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "code", "traceId" };
    }

    private static OpenApiSchema Text(string description, bool orNull = false) =>
        new() { Type = orNull ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String, Description = description };
}
