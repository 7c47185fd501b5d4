namespace TicketBooth.Admissions.Tickets;

/// <summary>A ticket that waits for an answer.</summary>
/// <param name="TransferId">Send it to whoever is to have the ticket.</param>
internal sealed record TransferOffer(Guid TransferId, Guid TicketId, string Email);

/// <summary>What became of an offer.</summary>
internal sealed record TransferredTicket(Guid OrderId, Guid TicketId, bool Accepted);

/// <summary>Transfers for the OpenAPI document.</summary>
internal static class TransferExamples
{
    public const string Offer = """
        {
          "transferId": "0199e310-5d3a-7c11-9b42-6f1d2a9c0005", "ticketId": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007",
          "email": "bia@example.com"
        }
        """;

    public const string Answered = """
        {
          "orderId": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "ticketId": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007", "accepted": true
        }
        """;
}
