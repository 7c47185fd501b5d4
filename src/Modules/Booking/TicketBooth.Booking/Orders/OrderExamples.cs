namespace TicketBooth.Booking.Orders;

/// <summary>One order in its states, for the OpenAPI document.</summary>
internal static class OrderExamples
{
    public static string OnPayment => Order("on_payment", "null");

    public static string BeingPaid =>
        Order(
            "on_payment",
            """
            {
              "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "awaiting_confirmation", "method": "pix",
              "pix": {
                "code": "00020126…6304ABCD", "qrUrl": "/api/v1/orders/0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001/payment/qr.svg",
                "expiresAt": "2026-11-23T20:10:00Z"
              },
              "lastDecline": {
                "code": "insufficient-funds", "words": "The card has not enough money for this payment. Use another card.",
                "at": "2026-11-23T20:04:00Z"
              },
              "attemptsLeft": 4
            }
            """
        );

    public static string Paid => Order("paid", """{ "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "paid" }""");

    public static string Refunded =>
        Order("refunded", """{ "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "paid" }""", 42000, Refund(42000, "order-canceled"));

    public static string PartlyRefunded =>
        Order(
            "refunded",
            """{ "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "paid" }""",
            40000,
            Refund(40000, "Could not see the stage.")
        );

    public static string Page => $$"""{ "items": [{{Paid}}], "nextCursor": null }""";

    private static string Refund(int amount, string reason) =>
        $$"""
            {
              "id": "0199e2f5-0c21-7b10-a2d4-1e2f3a4b5c6d", "amount": {{amount}}, "ticketIds": ["0199e2f0-1b7e-8d20-8a61-3f5c9e210007"],
              "released": true, "reason": "{{reason}}", "at": "2026-11-24T09:30:00Z", "status": "asked"
            }
            """;

    private static string Order(string status, string payment, int returned = 0, string refunds = "") =>
        $$"""
            {
              "id": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "status": "{{status}}",
              "tickets": [{
                "id": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007", "number": 7, "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90",
                "price": 42000{{(returned > 0 ? ", \"released\": true" : "")}}
              }],
              "total": 42000, "currency": "BRL", "placedAt": "2026-11-23T20:00:00Z", "expiresAt": "2026-11-23T20:10:00Z",
              "payment": {{payment}}, "number": "0Q1WN-R9TR4",
              "returned": {{returned}}, "refunds": [{{refunds}}], "channel": "online"
            }
            """;
}
