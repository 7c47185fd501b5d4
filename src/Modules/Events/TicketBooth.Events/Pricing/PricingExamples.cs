namespace TicketBooth.Events.Pricing;

/// <summary>Prices as they are shown, for the OpenAPI document.</summary>
internal static class PricingExamples
{
    public const string Policy = """
        {
          "mode": "demand", "paused": false, "allowFalling": false, "maxIncreasePercent": 50, "maxDecreasePercent": 30,
          "sharePercent": 30, "pacePercent": 10, "windowMinutes": 1440, "maxStepPercent": 5, "stepSeconds": 900,
          "bandPercent": 3, "roundingUnit": 50
        }
        """;

    public const string Pricing = $$"""
        {
          "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "currency": "BRL",
          "policy": {{Policy}},
          "tiers": [{
            "id": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90", "name": "Stalls", "price": 27700, "basePrice": 24000, "demandPercent": 5,
            "adjustmentFactor": 1.1, "floor": null, "ceiling": 40000, "capacity": 100, "taken": 42,
            "priceValidUntil": "2030-05-01T12:05:00Z"
          }],
          "policyChanges": [], "undoable": null
        }
        """;

    public const string History = """
        {
          "items": [{
            "at": "2030-05-01T12:00:00Z", "version": 14, "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90", "tier": "Stalls",
            "from": 26400, "to": 27700, "reason": "demand", "by": null, "percentage": null, "note": null,
            "explanation": "42 % of the tickets are taken: 20 in the last 60 minutes, when 5 would sell out by the close."
          }],
          "nextCursor": null
        }
        """;

    public const string Chart = """
        {
          "at": "2030-05-01T12:00:00Z", "currency": "BRL",
          "tiers": [{
            "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90", "tier": "Stalls",
            "prices": [{ "at": "2030-03-01T12:00:00Z", "price": 24000 }, { "at": "2030-05-01T12:00:00Z", "price": 26400 }],
            "sales": [{ "at": "2030-05-01T11:59:00Z", "taken": 4, "sold": 3 }]
          }]
        }
        """;

    public const string DryRun = """
        {
          "from": "2030-04-30T12:00:00Z", "to": "2030-05-01T12:00:00Z", "currency": "BRL",
          "tiers": [{
            "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90", "tier": "Stalls", "actual": 480000, "wouldBe": 504000, "start": 24000,
            "steps": [{ "at": "2030-05-01T08:00:00Z", "from": 24000, "to": 25200, "explanation": "20 % of the tickets are taken." }]
          }]
        }
        """;
}
