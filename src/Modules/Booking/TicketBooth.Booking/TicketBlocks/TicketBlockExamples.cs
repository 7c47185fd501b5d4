namespace TicketBooth.Booking.TicketBlocks;

/// <summary>One block in its states, for the OpenAPI document.</summary>
internal static class TicketBlockExamples
{
    public static string Held => Block("null", "null");

    public static string Released => Block("\"2026-11-24T09:30:00Z\"", "\"Rui\"");

    public static string Page => $$"""{ "items": [{{Held}}], "nextCursor": null }""";

    private static string Block(string releasedAt, string releasedBy) =>
        $$"""
            {
              "id": "0199e2f6-1c20-8e45-a7d3-2b4c6d8e0001", "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "kind": "hold",
              "numbers": "1-20, 35", "tickets": 21, "reason": "Row A is for the sponsor.", "createdAt": "2026-11-23T20:00:00Z",
              "createdBy": "Ana", "releasedAt": {{releasedAt}}, "releasedBy": {{releasedBy}}
            }
            """;
}
