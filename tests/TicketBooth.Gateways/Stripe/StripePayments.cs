using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Stripe;

/// <summary>How a payment moves from state to state, whoever moves it. The caller holds the ledger's gate.</summary>
internal sealed class StripePayments(StripeLedger ledger, StripeBacklash backlash)
{
    private const string FailedAuthentication = "payment_intent_authentication_failure";

    public JsonObject Json(StoredObject stored) => StripeJson.Of(stored, ledger);

    /// <summary>Confirms: charges, asks the buyer, or waits for a bank. A decline is thrown, after it is on record.</summary>
    public void Confirm(StoredIntent intent, StoredMethod method, bool isOffSession = false, bool refusesAction = false, bool forcesAction = false)
    {
        intent.Method = method;
        intent.LastError = null;
        if (method.Method.NeedsAuthentication || forcesAction)
        {
            if (isOffSession || refusesAction)
            {
                Decline(intent, ("authentication_required", "authentication_required"));
            }

            intent.Status = "requires_action";
            ledger.Emit("payment_intent.requires_action", Json(intent));
            return;
        }

        Complete(intent);
    }

    public void Complete(StoredIntent intent)
    {
        if (intent.Method!.Method.Decline is { } decline)
        {
            Decline(intent, decline);
        }
        else if (!intent.Method.Method.IsCard)
        {
            intent.Status = "processing";
            Charge(intent, "pending");
            ledger.Emit("payment_intent.processing", Json(intent));
        }
        else if (intent.CaptureMethod == "manual")
        {
            intent.Status = "requires_capture";
            Charge(intent, "succeeded");
            ledger.Emit("payment_intent.amount_capturable_updated", Json(intent));
        }
        else
        {
            Capture(intent, Charge(intent, "succeeded"), intent.Amount);
        }
    }

    public void Capture(StoredIntent intent, StoredCharge charge, long amount)
    {
        charge.Status = "succeeded";
        charge.Captured = amount;
        var isCard = charge.Method.Method.IsCard;
        charge.Movement = ledger.Move(isCard ? "charge" : "payment", "charge", amount, intent.Currency, charge.Id, amount * ledger.Options.FeeBasisPoints / 10_000).Id;
        intent.Status = "succeeded";
        intent.AmountReceived = amount;
        ledger.Emit("charge.succeeded", Json(charge));
        ledger.Emit("payment_intent.succeeded", Json(intent));
        if (charge.Method.Method.AfterCharge == AfterCharge.Dispute)
        {
            backlash.OpenDispute(charge, amount, "fraudulent");
        }
    }

    /// <summary>The end of what the buyer or the bank was asked for.</summary>
    public void Finish(StoredIntent intent, bool succeeds)
    {
        if (intent.Status == "requires_action" && succeeds)
        {
            try
            {
                Complete(intent);
            }
            catch (StripeRefusal)
            {
                // The buyer's own browser is told by the intent: its last error is on record.
            }
        }
        else if (intent.Status == "processing" && succeeds)
        {
            Capture(intent, ledger.Charge(intent.LatestCharge!), intent.Amount);
        }
        else if (intent.Status is "requires_action" or "processing")
        {
            var isProcessing = intent.Status == "processing";
            if (isProcessing)
            {
                ledger.Charge(intent.LatestCharge!).Status = "failed";
            }

            Fail(intent, isProcessing
                ? new StripeRefusal(402, "card_error", "payment_method_provider_decline", "The bank refused the payment.") { PaymentMethod = StripeJson.Method(intent.Method!) }
                : StripeRefusal.Invalid("The provided payment method has failed authentication.", code: FailedAuthentication));
        }
        else
        {
            throw StripeRefusal.State($"This PaymentIntent has a status of {intent.Status}: there is nothing to finish.", Json(intent));
        }
    }

    public void Cancel(StoredIntent intent, string? reason)
    {
        if (intent.Status is "succeeded" or "canceled" or "processing")
        {
            throw StripeRefusal.State($"You cannot cancel this PaymentIntent because it has a status of {intent.Status}.", Json(intent));
        }

        intent.Status = "canceled";
        intent.CancellationReason = reason;
        intent.CanceledAt = ledger.Now;
        ledger.Emit("payment_intent.canceled", Json(intent));
    }

    private StoredCharge Charge(StoredIntent intent, string status, (string Code, string DeclineCode)? failure = null)
    {
        var charge = new StoredCharge(StripeLedger.NewId(intent.Method!.Method.IsCard ? "ch_" : "py_"), ledger.Now)
        {
            Intent = intent,
            Method = intent.Method,
            Amount = intent.Amount,
            Status = status,
            Failure = failure,
        };
        ledger.Charges.Add(charge);
        intent.LatestCharge = charge.Id;
        return charge;
    }

    private void Decline(StoredIntent intent, (string Code, string DeclineCode) decline)
    {
        var charge = Charge(intent, "failed", decline);
        ledger.Emit("charge.failed", Json(charge));
        var error = new StripeRefusal(402, "card_error", decline.Code, "Your card was declined.")
        {
            DeclineCode = decline.DeclineCode,
            Charge = charge.Id,
            PaymentMethod = StripeJson.Method(intent.Method!),
        };
        Fail(intent, error);
        throw new StripeRefusal(402, "card_error", decline.Code, "Your card was declined.")
        {
            DeclineCode = decline.DeclineCode,
            Charge = charge.Id,
            PaymentMethod = error.PaymentMethod,
            PaymentIntent = Json(intent),
        };
    }

    private void Fail(StoredIntent intent, StripeRefusal error)
    {
        intent.LastError = error.ToJson();
        intent.Status = "requires_payment_method";
        intent.Method = null;
        ledger.Emit("payment_intent.payment_failed", Json(intent));
    }
}
