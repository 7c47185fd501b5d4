namespace TicketBooth.Payments.Ledger;

/// <summary>Money that must go back; queued by the ledger, done by the refund worker.</summary>
/// <param name="Subject">The payment, or the unmatched money when <paramref name="RefundId"/> is null.</param>
/// <param name="RefundId">As the gateway knows it.</param>
internal readonly record struct DueRefund(Guid Subject, Guid? RefundId);
