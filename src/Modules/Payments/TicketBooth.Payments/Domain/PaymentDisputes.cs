using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>Disputes as the other modules see them.</summary>
internal static class PaymentDisputes
{
    public static PaymentDisputeState StateOf(Dispute dispute) =>
        dispute.State switch
        {
            DisputeState.Opened => PaymentDisputeState.Opened,
            DisputeState.Won => PaymentDisputeState.Won,
            _ => PaymentDisputeState.Lost,
        };
}
