namespace TicketBooth.Booking.Counter;

/// <summary>A sale at the counter and its shift, for the OpenAPI document.</summary>
internal static class CounterExamples
{
    public const string Allowance = """{ "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "allowance": 20, "given": 4 }""";

    private const string SaleLine = """
        {
          "id": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "at": "2026-11-23T20:00:00Z", "kind": "sale", "method": "cash", "amount": 42000,
          "orderId": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "orderNumber": "0Q1WN-R9TR4", "text": null, "by": "Ana"
        }
        """;

    private const string DropLine = """
        {
          "id": "0199e2f4-7d3a-7c11-9b42-6f1d2a9c0002", "at": "2026-11-23T20:30:00Z", "kind": "drop", "method": null, "amount": -30000,
          "orderId": null, "orderNumber": null, "text": "Into the safe", "by": "Ana"
        }
        """;

    public static string Sold => Sale("paid", 0);

    public static string Voided =>
        Sale(
            "refunded",
            0,
            """
            {
              "id": "0199e2f5-0c21-7b10-a2d4-1e2f3a4b5c6d", "amount": 42000, "ticketIds": ["0199e2f0-1b7e-8d20-8a61-3f5c9e210007"],
              "released": true, "reason": "Wrong day.", "at": "2026-11-23T20:05:00Z", "status": "settled"
            }
            """
        );

    public static string Owed =>
        Sale(
            "refunded",
            42000,
            """
            {
              "id": "0199e2f5-0c21-7b10-a2d4-1e2f3a4b5c6d", "amount": 42000, "ticketIds": ["0199e2f0-1b7e-8d20-8a61-3f5c9e210007"],
              "released": true, "reason": "event-canceled", "at": "2026-11-24T09:30:00Z", "status": "asked"
            }
            """
        );

    public static string OwedPage => $$"""{ "items": [{{Owed}}], "nextCursor": null }""";

    public static string Open => Shift("null", "null", "null", "null");

    public static string Closed => Shift("\"2026-11-24T02:00:00Z\"", "31900", "-100", "\"One coin short.\"");

    public static string Shifts => $$"""{ "items": [{{Open}}], "nextCursor": null }""";

    public static string Details => $$"""{ "shift": {{Open}}, "entries": [{{SaleLine}}, {{DropLine}}] }""";

    private static string Shift(string closedAt, string counted, string difference, string note) =>
        $$"""
            {
              "id": "0199e2f3-1c20-7e45-a7d3-2b4c6d8e0001", "clerkId": "0199e2ef-1c20-7e45-a7d3-2b4c6d8e0009", "clerk": "Ana",
              "currency": "BRL", "float": 20000, "openedAt": "2026-11-23T18:00:00Z", "closedAt": {{closedAt}},
              "sums": {
                "sales": 1, "complimentary": 0, "voids": 0, "cashSales": 42000, "cashBack": 0, "cardSales": 0, "cardBack": 0,
                "payIns": 0, "drops": 30000
              },
              "expected": 32000, "counted": {{counted}}, "difference": {{difference}}, "note": {{note}}
            }
            """;

    private static string Sale(string status, int owed, string refund = "") =>
        $$"""
            {
              "id": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "status": "{{status}}",
              "tickets": [{
                "id": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007", "number": 7, "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90",
                "price": 42000{{(refund.Length > 0 ? ", \"released\": true" : "")}}
              }],
              "total": 42000, "currency": "BRL", "placedAt": "2026-11-23T20:00:00Z", "expiresAt": "2026-11-23T20:00:00Z",
              "payment": null, "number": "0Q1WN-R9TR4", "returned": {{(refund.Length > 0 ? 42000 : 0)}}, "refunds": [{{refund}}],
              "channel": "counter",
              "counter": {
                "method": "cash", "clerk": "Ana", "shiftId": "0199e2f3-1c20-7e45-a7d3-2b4c6d8e0001", "reference": null,
                "amountTendered": 50000, "change": 8000, "buyerName": "Bia", "email": null, "language": null, "reason": null,
                "voidableUntil": "2026-11-23T20:15:00Z", "owed": {{owed}}
              }
            }
            """;
}
