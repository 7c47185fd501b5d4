using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Stripe;

/// <summary>A payment as it stands at Stripe. Amounts are in the currency's smallest unit.</summary>
public sealed record StripePayment(
    string Id, string Status, string Currency, long Amount, long AmountReceived, long AmountRefunded, IReadOnlyDictionary<string, string> Metadata, string? ChargeId);

/// <summary>A refund as it stands at Stripe.</summary>
public sealed record StripePaymentRefund(string Id, string PaymentIntentId, string Status, long Amount, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What happens at Stripe without our request: the buyer, his bank, and staff in Stripe's dashboard. A wrong order throws <see cref="InvalidOperationException"/>.</summary>
public sealed class StripeConsole
{
    private static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);
    private readonly StripeLedger ledger;
    private readonly StripePayments payments;
    private readonly StripeBacklash backlash;

    internal StripeConsole(StripeLedger ledger, StripePayments payments, StripeBacklash backlash) =>
        (this.ledger, this.payments, this.backlash) = (ledger, payments, backlash);

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<StripePayment> Payments => Do(() => ledger.Intents.Select(Payment).ToList());

    public IReadOnlyList<StripePaymentRefund> Refunds => Do(() => ledger.Refunds
        .Select(refund => new StripePaymentRefund(refund.Id, refund.Charge.Intent.Id, refund.Status, refund.Amount, refund.Metadata)).ToList());

    public IReadOnlyList<string> EventTypes => Do(() => ledger.Events.Select(told => told.Type).ToList());

    /// <summary>The buyer ends 3-D Secure.</summary>
    public void FinishAction(string intentId, bool succeeds = true) => Finish(intentId, succeeds, "requires_action");

    /// <summary>The bank ends what is <c>processing</c>.</summary>
    public void FinishProcessing(string intentId, bool succeeds = true) => Finish(intentId, succeeds, "processing");

    public void CancelPayment(string intentId) => Do(() => payments.Cancel(ledger.Intent(intentId), "requested_by_customer"));

    /// <summary>Changes what a payment that is not captured will capture.</summary>
    public void ChangeAmount(string intentId, long amount) => Do(() =>
    {
        var intent = ledger.Intent(intentId);
        intent.Amount = intent.Status is "requires_payment_method" or "requires_confirmation" or "requires_action"
            ? StripeMoney.RequireAmount(amount, intent.Currency)
            : throw StripeRefusal.State($"The amount cannot be changed: the status is {intent.Status}.", payments.Json(intent));
    });

    /// <summary>A second capture under another id, with the first one's metadata. Returns its id.</summary>
    public string PayAgain(string intentId, long? amount = null) => Do(() =>
    {
        var first = ledger.Intent(intentId);
        return Pay(amount ?? first.Amount, first.Currency, first.Metadata);
    });

    /// <summary>Money that nobody here asked for. Returns the payment's id.</summary>
    public string PayUnknown(long amount, string currency, IReadOnlyDictionary<string, string>? metadata = null) => Do(() => Pay(amount, currency, metadata ?? NoMetadata));

    /// <summary>Somebody gives back by Stripe's own console; without an amount all that is left. Returns the refund's id.</summary>
    public string Refund(string intentId, long? amount = null) =>
        Do(() => backlash.Refund(ChargeOf(intentId), amount, "requested_by_customer", NoMetadata).Id);

    public void SettleRefund(string refundId) => Do(() => backlash.End(ledger.Refund(refundId), "succeeded"));

    public void FailRefund(string refundId, string reason = "expired_or_canceled_card") => Do(() => backlash.End(ledger.Refund(refundId), "failed", reason));

    public void CancelRefund(string refundId) => Do(() => backlash.End(ledger.Refund(refundId), "canceled"));

    /// <summary>Returns the dispute's id.</summary>
    public string OpenDispute(string intentId, long? amount = null, string reason = "fraudulent") => Do(() =>
    {
        var charge = ChargeOf(intentId);
        return backlash.OpenDispute(charge, amount ?? charge.Captured, reason).Id;
    });

    /// <summary>What waits for an answer at the dispute of a payment, or null.</summary>
    public string? DisputeOf(string intentId) => Do(() => ledger.Disputes.Find(dispute => dispute.Charge.Intent.Id == intentId)?.Id);

    public void CloseDispute(string disputeId, bool isWon) => Do(() => backlash.CloseDispute(ledger.Dispute(disputeId), isWon));

    /// <summary>Sends an event of any type. Returns its id.</summary>
    public string SendEvent(string type, JsonObject about) => Do(() => ledger.Emit(type, about).Id);

    /// <summary>Sends an event once more, as the console's button does.</summary>
    public void Resend(string eventId) => Do(() => ledger.Send(ledger.Events.Find(told => told.Id == eventId) ?? throw StripeRefusal.NotFound("event", eventId, "id")));

    private static StripePayment Payment(StoredIntent intent, StripeLedger ledger)
    {
        var refunded = intent.LatestCharge is { } charge ? ledger.Charge(charge).Refunded : 0;
        return new StripePayment(intent.Id, intent.Status, intent.Currency, intent.Amount, intent.AmountReceived, refunded, intent.Metadata, intent.LatestCharge);
    }

    private StripePayment Payment(StoredIntent intent) => Payment(intent, ledger);

    private StoredCharge ChargeOf(string intentId) =>
        ledger.Charge(ledger.Intent(intentId).LatestCharge ?? throw StripeRefusal.Invalid($"The payment {intentId} has no charge."));

    private void Finish(string intentId, bool succeeds, string status) => Do(() =>
    {
        var intent = ledger.Intent(intentId);
        if (intent.Status != status)
        {
            throw StripeRefusal.State($"The payment {intentId} has a status of {intent.Status}, not {status}.", payments.Json(intent));
        }

        payments.Finish(intent, succeeds);
    });

    private string Pay(long amount, string currency, IReadOnlyDictionary<string, string> metadata)
    {
        var intent = new StoredIntent(StripeLedger.NewId("pi_"), ledger.Now)
        {
            ClientSecret = StripeLedger.NewId("pi_secret_"),
            Amount = amount,
            Currency = StripeMoney.RequireCurrency(currency),
            MethodTypes = ["card"],
            CaptureMethod = "automatic",
            ConfirmationMethod = "automatic",
            Metadata = metadata,
        };
        ledger.Intents.Add(intent);
        ledger.Emit("payment_intent.created", payments.Json(intent));
        payments.Confirm(intent, new StoredMethod(StripeLedger.NewId("pm_"), StripeTestMethod.Find("pm_card_visa")!));
        return intent.Id;
    }

    private void Do(Action action) => Do(() =>
    {
        action();
        return true;
    });

    private T Do<T>(Func<T> action)
    {
        lock (ledger.Gate)
        {
            try
            {
                return action();
            }
            catch (StripeRefusal refusal)
            {
                throw new InvalidOperationException(refusal.Message, refusal);
            }
        }
    }
}
