namespace TicketBooth.Gateways.Stripe;

/// <summary>Money that goes back: refunds and disputes. The caller holds the ledger's gate.</summary>
internal sealed class StripeBacklash(StripeLedger ledger, StripeFaults faults)
{
    public StoredRefund Refund(StoredCharge charge, long? amount, string? reason, IReadOnlyDictionary<string, string> metadata)
    {
        var left = charge.Captured - charge.Refunded;
        if (charge.Captured == 0)
        {
            throw StripeRefusal.Invalid($"This PaymentIntent ({charge.Intent.Id}) does not have a successful charge to refund.", "payment_intent");
        }

        if (left == 0)
        {
            throw StripeRefusal.Invalid($"Charge {charge.Id} has already been refunded.", code: "charge_already_refunded");
        }

        if (charge.IsDisputed)
        {
            throw StripeRefusal.Invalid($"Charge {charge.Id} has been charged back; cannot issue a refund.", code: "charge_disputed");
        }

        var taken = amount is { } asked ? StripeMoney.RequireUnits(asked, charge.Intent.Currency) : left;
        if (taken > left)
        {
            throw StripeRefusal.Invalid($"Refund amount ({taken}) is greater than unrefunded amount on charge ({left})", "amount", "amount_too_large");
        }

        var refund = new StoredRefund(StripeLedger.NewId("re_"), ledger.Now) { Charge = charge, Amount = taken, Reason = reason, Metadata = metadata };
        refund.Status = faults.RefundStatus ?? (charge.Method.Method.AfterCharge == AfterCharge.RefundsArePending || !charge.Method.Method.IsCard ? "pending" : "succeeded");
        ledger.Refunds.Add(refund);
        charge.Refunded += taken;
        if (refund.Status == "succeeded")
        {
            Pay(refund);
        }

        ledger.Emit("charge.refunded", StripeJson.Of(charge, ledger));
        ledger.Emit("refund.created", StripeJson.Of(refund, ledger));
        if (charge.Method.Method.AfterCharge == AfterCharge.RefundsFail)
        {
            End(refund, "failed", "expired_or_canceled_card");
        }

        return refund;
    }

    /// <summary>Moves a refund on: <c>succeeded</c>, <c>failed</c> (also after it succeeded, as a bank may) or <c>canceled</c>.</summary>
    public void End(StoredRefund refund, string status, string? reason = null)
    {
        var isAllowed = refund.Status is "pending" or "requires_action" || (refund.Status == "succeeded" && status == "failed");
        if (!isAllowed)
        {
            throw StripeRefusal.Invalid($"The refund {refund.Id} has a status of {refund.Status}: it cannot become {status}.");
        }

        if (status == "succeeded")
        {
            Pay(refund);
        }
        else
        {
            refund.Charge.Refunded -= refund.Amount;
            if (refund.Status == "succeeded")
            {
                refund.FailureMovement = ledger.Move("refund_failure", "refund_failure", refund.Amount, refund.Charge.Intent.Currency, refund.Id).Id;
            }
        }

        refund.Status = status;
        refund.FailureReason = status == "failed" ? reason ?? "unknown" : null;
        ledger.Emit("refund.updated", StripeJson.Of(refund, ledger));
        if (status == "failed")
        {
            ledger.Emit("refund.failed", StripeJson.Of(refund, ledger));
        }
    }

    public StoredDispute OpenDispute(StoredCharge charge, long amount, string reason)
    {
        if (charge.IsDisputed || amount < 1 || amount > charge.Captured)
        {
            throw StripeRefusal.Invalid($"{amount} of the charge {charge.Id} cannot be disputed.");
        }

        charge.IsDisputed = true;
        var dispute = new StoredDispute(StripeLedger.NewId("du_"), ledger.Now) { Charge = charge, Amount = amount, Reason = reason };
        dispute.Movements.Add(ledger.Move("adjustment", "dispute", -amount, charge.Intent.Currency, dispute.Id, ledger.Options.DisputeFee));
        ledger.Disputes.Add(dispute);
        ledger.Emit("charge.dispute.created", StripeJson.Of(dispute, ledger));
        ledger.Emit("charge.dispute.funds_withdrawn", StripeJson.Of(dispute, ledger));
        return dispute;
    }

    public void CloseDispute(StoredDispute dispute, bool isWon)
    {
        if (dispute.Status is "won" or "lost")
        {
            throw StripeRefusal.Invalid($"The dispute {dispute.Id} is closed.");
        }

        dispute.Status = isWon ? "won" : "lost";
        if (isWon)
        {
            dispute.Movements.Add(ledger.Move("adjustment", "dispute_reversal", dispute.Amount, dispute.Charge.Intent.Currency, dispute.Id));
            ledger.Emit("charge.dispute.funds_reinstated", StripeJson.Of(dispute, ledger));
        }

        ledger.Emit("charge.dispute.closed", StripeJson.Of(dispute, ledger));
    }

    private void Pay(StoredRefund refund)
    {
        var type = refund.Charge.Method.Method.IsCard ? "refund" : "payment_refund";
        refund.Movement = ledger.Move(type, "refund", -refund.Amount, refund.Charge.Intent.Currency, refund.Id).Id;
    }
}
