using System.Text.Json.Nodes;
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
        ["ticketId"] = "The ticket's id.",
        ["transferId"] = "The id of the offer.",
        ["scanId"] = "The id of the scan.",
        ["link"] = "The signed text of a link that its holder was sent, instead of a token.",
        ["ListDoorTickets.search"] = "A ticket's or an order's number, a part of the holder's name, or the beginning of the buyer's.",
        ["blockId"] = "The id of the tickets that were taken off sale together.",
        ["ListEvents.search"] = "Words that the name or the venue must hold, without regard to case and accents; at most 8.",
        ["ListEvents.from"] = "Events that start then or later.",
        ["ListEvents.to"] = "Events that start before then.",
        ["ListEvents.status"] = "Only events in this status; drafts for staff only.",
        ["ListTickets.state"] = "Only tickets in this state.",
        ["GetPriceChart.from"] = "When the chart begins; everything that is known when left out.",
        ["FindOrders.search"] = "An order's number or id, the beginning of its buyer's name or address, or a part of its event's name.",
        ["FindOrders.status"] = "Only orders in this status.",
        ["FindOrders.attention"] = "Only orders that need attention for this reason.",
        ["FindOrders.from"] = "The first day on which it was placed, in the time zone of the settings.",
        ["FindOrders.to"] = "The last such day.",
        ["ListActs.byId"] = "Only actions of this member of staff.",
        ["ListActs.from"] = "The first day, in the time zone of the settings.",
        ["ListActs.to"] = "The last day.",
        ["FindAccounts.email"] = "The whole address, without regard to case.",
        ["ListActs.subjectId"] = "Only actions on this event, order or user.",
        ["ListMoneyCases.all"] = "Also the cases that nobody need act on any more.",
        ["ListShifts.clerkId"] = "Only shifts of this clerk; for administrators.",
        ["ListShifts.from"] = "Only shifts that were opened then or later.",
        ["ListShifts.to"] = "Only shifts that were opened before then.",
        ["ListShifts.open"] = "Only shifts that are open, or that are closed.",
        ["StreamDashboard.eventId"] = "The figures of this event; of all events when left out.",
    };

    private static readonly Dictionary<string, int> Lengths = new(StringComparer.Ordinal)
    {
        ["ListEvents.search"] = 200,
        ["FindOrders.search"] = 254,
        ["ListDoorTickets.search"] = 100,
        ["FindAccounts.email"] = 254,
    };

    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["ListEvents.status"] = ["draft", "published", "canceled", "ended"],
        ["ListTickets.state"] = ["available", "on_payment", "sold"],
        ["FindOrders.status"] = ["on_payment", "paid", "expired", "canceled", "refunded"],
        ["FindOrders.attention"] = ["stuck_payment", "refund_due", "disputed"],
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

        if (Lengths.TryGetValue(ownName, out var longest))
        {
            schema.MaxLength = longest;
        }

        if (Values.TryGetValue(ownName, out var values))
        {
            schema.Enum = [.. values.Select(value => JsonValue.Create(value))];
        }
    }
}
