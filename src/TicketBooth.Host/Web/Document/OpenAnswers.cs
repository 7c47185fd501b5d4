using Microsoft.OpenApi;

namespace TicketBooth.Host.Web.Document;

/// <summary>
/// Requests with fields that are not known here are refused, and their schemas say so. Answers may get more fields at any time, so their
/// schemas must not.
/// </summary>
internal static class OpenAnswers
{
    public static void Open(OpenApiDocument document)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var answers = document
            .Paths.SelectMany(path => path.Value.Operations ?? [])
            .SelectMany(operation => operation.Value.Responses ?? [])
            .SelectMany(response => response.Value.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal))
            .Select(content => content.Value.Schema)
            .OfType<IOpenApiSchema>();
        foreach (var answer in answers)
        {
            Open(answer, document, seen);
        }
    }

    private static void Open(IOpenApiSchema schema, OpenApiDocument document, HashSet<string> seen)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
        {
            if (seen.Add(id) && document.Components?.Schemas?.TryGetValue(id, out var target) == true)
            {
                Open(target, document, seen);
            }

            return;
        }

        if (schema is OpenApiSchema own)
        {
            own.AdditionalPropertiesAllowed = true;
        }

        foreach (var part in PartsOf(schema))
        {
            Open(part, document, seen);
        }
    }

    private static IEnumerable<IOpenApiSchema> PartsOf(IOpenApiSchema schema)
    {
        IEnumerable<IOpenApiSchema?> parts =
        [
            .. schema.Properties?.Values ?? [],
            .. schema.OneOf ?? [],
            .. schema.AnyOf ?? [],
            .. schema.AllOf ?? [],
            schema.Items,
            schema.AdditionalProperties,
        ];
        return parts.OfType<IOpenApiSchema>();
    }
}
