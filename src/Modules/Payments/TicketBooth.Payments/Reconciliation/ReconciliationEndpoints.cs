namespace TicketBooth.Payments.Reconciliation;

/// <summary>What the routes about reconciliations share.</summary>
internal static class ReconciliationEndpoints
{
    public const string Path = "/api/v1/payments/reconciliations";

    public const string Summary = """
        { "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "from": "2026-11-27T00:00:00Z", "to": "2026-11-29T00:00:00Z",
          "startedAt": "2026-11-29T05:00:12Z", "endedAt": "2026-11-29T05:00:19Z", "by": null, "differences": 1,
          "gateways": [{ "gateway": "Stripe", "failure": null, "underWay": 0, "sums": [
            { "movement": "capture", "currency": "BRL", "theirCount": 812, "theirAmount": 9744000,
              "ourCount": 811, "ourAmount": 9732000 } ] }],
          "isEqual": false }
        """;

    public const string Report =
        """{ "summary": """
        + Summary
        + """
            , "lines": [{ "gateway": "Stripe", "kind": "theirs_only", "movement": "capture", "id": "ch_3Q", "externalId": "pi_3Q",
            "paymentId": null, "orderId": null, "theirs": { "amount": 12000, "currency": "BRL" }, "ours": null,
            "at": "2026-11-28T21:14:03Z", "note": "recorded" }] }
            """;

    public const string Started = """{ "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "outcome": """ + Report + " }";
}
