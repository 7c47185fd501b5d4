namespace TicketBooth.Payments.Ledger;

/// <summary>A payment whose money may have to go back; queued by the ledger, done by the refund worker.</summary>
internal readonly record struct DueRefund(Guid PaymentId);
