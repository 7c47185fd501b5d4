using Microsoft.OpenApi;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web.Document;

/// <summary>Parameters of paths, queries and headers: what each means, and its limits.</summary>
internal static class Parameters
{
    // Of all operations; where one means something else by a name, its own text stands under "Operation.name".
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["id"] = "Its id.",
        ["cursor"] = "`nextCursor` of the page before; the first page when left out. Opaque.",
        ["limit"] = "How many items the page has at most.",
        ["tierId"] = "Only of this tier.",
        ["eventId"] = "Only of this event.",
        ["number"] = "The failed message's number.",
        ["paymentId"] = "The payment's id.",
        ["Idempotency-Key"] =
            "A key of the client's own for this request: repeated with the same key, it gets the same answer for 24 hours.",
        ["ListEvents.search"] = "Words that the name or the venue must hold, without regard to case and accents; at most 8.",
        ["ListEvents.from"] = "Events that start then or later.",
        ["ListEvents.to"] = "Events that start before then.",
        ["ListTickets.state"] = "Only tickets in this state.",
        ["GetPriceChart.from"] = "When the chart begins; everything that is known when left out.",
        ["FindOrders.search"] = "An order's id, or the beginning of its buyer's name or e-mail address.",
        ["FindOrders.status"] = "Only orders in this status.",
        ["FindOrders.attention"] = "Only orders whose payment needs attention for this reason.",
        ["FindAccounts.email"] = "The whole address, without regard to case.",
        ["ListActs.subjectId"] = "Only actions on this event, order or user.",
        ["StreamDashboard.eventId"] = "The figures of this event; of all events when left out.",
    };

    private static readonly Dictionary<string, int> Lengths = new(StringComparer.Ordinal)
    {
        ["ListEvents.search"] = 200,
        ["FindOrders.search"] = 254,
        ["FindAccounts.email"] = 254,
        ["Idempotency-Key"] = 255,
    };

    public static void Describe(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var header in metadata.OfType<RequestHeader>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = header.Name,
                    In = ParameterLocation.Header,
                    Description = header.Description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }

        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            Describe(parameter, $"{operation.OperationId}.{parameter.Name}");
        }
    }

    private static void Describe(OpenApiParameter parameter, string ownName)
    {
        var name = parameter.Name ?? "";
        parameter.Description ??= Texts.GetValueOrDefault(ownName) ?? Texts.GetValueOrDefault(name);
        if (parameter.Schema is not OpenApiSchema schema)
        {
            return;
        }

        // A parameter is there or it is not; it is never null.
        schema.Type &= ~JsonSchemaType.Null;
        if (name == "limit")
        {
            schema.Minimum = "1";
            schema.Maximum = Errors.Text(Cursor.LargestLimit);
            schema.Default = Cursor.DefaultLimit;
        }

        if (Lengths.TryGetValue(ownName, out var longest) || Lengths.TryGetValue(name, out longest))
        {
            schema.MaxLength = longest;
        }
    }
}
