namespace TicketBooth.Events.Reads;

/// <summary>An event as it is sent and returned, for the OpenAPI document.</summary>
internal static class EventExamples
{
    public const string Body = """
        {
          "name": "Bossa Nova Night", "venue": "Grand Theatre", "description": "An evening of quiet guitars.",
          "startsAt": "2030-06-01T23:00:00Z", "publishedAt": "2030-03-01T12:00:00Z", "endsSellingAt": "2030-06-01T22:00:00Z",
          "capacity": 300, "currency": "BRL", "large": false, "refundHoursBeforeStart": 48, "refundFeePercent": 10,
          "tiers": [
            { "name": "Stalls", "price": 24000, "tickets": 100 },
            { "name": "Balcony", "price": 12000, "tickets": 150, "floor": 9000, "ceiling": 20000 }
          ]
        }
        """;

    public static string Draft => Details("draft");

    public static string Published => Details("published");

    public static string Canceled => Details("canceled");

    public static string Page => $$"""{ "items": [{ {{Summary("published")}} }], "nextCursor": null }""";

    public const string Tickets = """
        {
          "items": [{
            "id": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007", "number": 7, "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90",
            "price": 24000, "state": "available"
          }],
          "nextCursor": null
        }
        """;

    private static string Summary(string status) =>
        $"""
            "id": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "name": "Bossa Nova Night", "venue": "Grand Theatre",
            "startsAt": "2030-06-01T23:00:00Z", "publishedAt": "2030-03-01T12:00:00Z", "endsSellingAt": "2030-06-01T22:00:00Z",
            "status": "{status}", "currency": "BRL", "capacity": 300, "available": 248, "priceFrom": 12000
            """;

    private static string Details(string status) =>
        $$"""
            {
              {{Summary(status)}}, "description": "An evening of quiet guitars.", "large": false,
              "tiers": [{
                "id": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90", "name": "Stalls", "price": 24000, "capacity": 100, "available": 98,
                "priceValidUntil": null
              }],
              "refundableUntil": "2030-05-30T23:00:00Z", "refundHoursBeforeStart": 48, "refundFeePercent": 10, "refundWindowUntil": null
            }
            """;
}
