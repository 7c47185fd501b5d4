namespace TicketBooth.Admissions.Tickets;

/// <summary>Tickets for the OpenAPI document.</summary>
internal static class TicketExamples
{
    public const string Link = "The signed link of an e-mail, instead of a token.";

    public const string Valid = """
        {
          "ticketId": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007", "number": 7, "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90",
          "tier": "Stalls", "holderName": "Ana Souza", "code": "041SKRQG3DYMH8N63XE9WGH000700004Q8…", "status": "valid",
          "price": 42000, "currency": "BRL"
        }
        """;

    public static string List => $$"""{ "items": [{{Valid}}] }""";
}
