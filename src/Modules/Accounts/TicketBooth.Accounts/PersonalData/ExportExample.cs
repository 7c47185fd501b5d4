namespace TicketBooth.Accounts.PersonalData;

internal static class ExportExample
{
    public const string Text = """
        {
          "exportedAt": "2026-12-01T20:00:00Z",
          "account": {
            "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Ana", "email": "ana@example.com", "emailConfirmed": true,
            "language": "pt-BR", "roles": ["customer"], "hasPassword": true, "hasSecondFactor": false
          },
          "signIns": [{ "signedInAt": "2026-11-30T18:00:00Z", "expiresAt": "2026-12-30T18:00:00Z", "endedAt": null }],
          "sessions": [],
          "orders": [{
            "id": "0199e2f3-4c2a-8001-8a2e-5f6a7b8c9d0e", "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "status": "paid",
            "total": 24000, "currency": "BRL", "placedAt": "2026-11-30T18:05:00Z"
          }],
          "counterSales": [],
          "payments": [{
            "id": "0199e2f3-5d3b-7001-a2b3-c4d5e6f70819", "orderId": "0199e2f3-4c2a-8001-8a2e-5f6a7b8c9d0e", "method": "card",
            "status": "paid", "amount": 24000, "currency": "BRL", "gateway": "Stripe", "capturedAt": "2026-11-30T18:06:00Z"
          }],
          "tickets": [{
            "ticketId": "0199e2f0-1b7e-8029-8a61-3f5c9e210000", "orderId": "0199e2f3-4c2a-8001-8a2e-5f6a7b8c9d0e", "number": 41,
            "price": 12000, "currency": "BRL", "holderName": "Ana Souza", "active": true,
            "passages": [{ "direction": "in", "at": "2026-12-20T22:10:00Z" }]
          }],
          "transfers": [],
          "mails": [{
            "number": 17, "kind": "order-paid", "state": "sent", "email": "ana@example.com", "language": "pt-BR",
            "createdAt": "2026-11-30T18:06:01Z", "doneAt": "2026-11-30T18:06:02Z"
          }]
        }
        """;
}
