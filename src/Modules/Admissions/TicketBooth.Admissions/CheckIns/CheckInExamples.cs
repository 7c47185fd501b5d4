namespace TicketBooth.Admissions.CheckIns;

/// <summary>The door in examples, for the OpenAPI document.</summary>
internal static class CheckInExamples
{
    public const string Request = """
        {
          "code": "041SKRQG3DYMH8N63XE9WGH000700004Q8…", "scanId": "0199e300-5d3a-7c11-9b42-6f1d2a9c0003",
          "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "direction": "in"
        }
        """;

    public const string Ticket = """
        {
          "ticketId": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007", "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "number": 7,
          "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90", "tier": "Stalls", "holderName": "Ana Souza",
          "orderId": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "orderNumber": "0Q1WN-R9TR4"
        }
        """;

    public static string Admitted =>
        $$"""
            {
              "outcome": "admitted", "scanId": "0199e300-5d3a-7c11-9b42-6f1d2a9c0003", "direction": "in", "ticket": {{Ticket}},
              "previous": null
            }
            """;

    public const string Door = """
        {
          "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "name": "Noite de Gala", "venue": "Grand Theatre",
          "startsAt": "2026-12-14T23:00:00Z", "opensAt": "2026-12-14T21:00:00Z", "closesAt": "2026-12-15T03:00:00Z", "reEntry": false,
          "isCanceled": false, "publicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…",
          "revocations": [{ "number": 12, "below": 2 }], "inTransfer": [], "inside": [7, 9], "left": [], "counts": {
            "tickets": 412, "inside": 2, "left": 0, "toCome": 410
          }, "conflicts": []
        }
        """;

    public const string Rules = """{ "opensMinutesBefore": 120, "closesMinutesAfter": 240, "reEntry": false, "transfers": 1 }""";

    public static string Times =>
        $$"""
            {
              "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "rules": {{Rules}},
              "opensAt": "2026-12-14T21:00:00Z", "closesAt": "2026-12-15T03:00:00Z"
            }
            """;
}
