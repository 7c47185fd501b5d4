using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Stripe;

/// <summary>The objects as Stripe writes them, unexpanded.</summary>
internal static class StripeJson
{
    public static JsonObject Of(StoredObject stored, StripeLedger ledger)
    {
        var json = stored switch
        {
            StoredIntent intent => Intent(intent, ledger),
            StoredCharge charge => Charge(charge),
            StoredRefund refund => Refund(refund),
            StoredDispute dispute => Dispute(dispute, ledger),
            StoredMovement movement => Movement(movement),
            StoredEvent told => Event(told, ledger),
            _ => throw new ArgumentOutOfRangeException(nameof(stored)),
        };
        json["id"] = stored.Id;
        json["created"] = stored.Created;
        if (stored is not (StoredRefund or StoredMovement))
        {
            json["livemode"] = ledger.Options.IsLive;
        }

        return json;
    }

    public static JsonObject Method(StoredMethod method) => new()
    {
        ["id"] = method.Id,
        ["object"] = "payment_method",
        ["type"] = method.Method.Type,
        [method.Method.Type] = new JsonObject { ["last4"] = method.Method.LastFour },
    };

    public static JsonObject Texts(IReadOnlyDictionary<string, string> texts) =>
        new(texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)JsonValue.Create(text.Value))));

    private static JsonObject Intent(StoredIntent intent, StripeLedger ledger)
    {
        var json = new JsonObject
        {
            ["object"] = "payment_intent",
            ["amount"] = intent.Amount,
            ["amount_capturable"] = intent.Status == "requires_capture" ? intent.Amount : 0,
            ["amount_received"] = intent.AmountReceived,
            ["currency"] = intent.Currency,
            ["status"] = intent.Status,
            ["client_secret"] = intent.ClientSecret,
            ["capture_method"] = intent.CaptureMethod,
            ["confirmation_method"] = intent.ConfirmationMethod,
            ["payment_method"] = intent.Method?.Id,
            ["payment_method_types"] = new JsonArray([.. intent.MethodTypes.Select(type => JsonValue.Create(type))]),
            ["automatic_payment_methods"] = intent.IsAutomatic
                ? new JsonObject { ["enabled"] = true, ["allow_redirects"] = intent.AllowsRedirects ? "always" : "never" } : null,
            ["description"] = intent.Description,
            ["receipt_email"] = intent.ReceiptEmail,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = intent.StatementSuffix,
            ["metadata"] = Texts(intent.Metadata),
            ["latest_charge"] = intent.LatestCharge,
            ["last_payment_error"] = intent.LastError?.DeepClone(),
            ["next_action"] = null,
            ["cancellation_reason"] = intent.CancellationReason,
            ["canceled_at"] = intent.CanceledAt,
            ["customer"] = null,
        };
        if (intent.Status == "requires_action")
        {
            json["next_action"] = intent is { UsesSdk: false, ReturnUrl: { } back }
                ? new JsonObject
                {
                    ["type"] = "redirect_to_url",
                    ["redirect_to_url"] = new JsonObject { ["url"] = StripeBuyerPage.UrlFor(ledger.Address, intent.Id), ["return_url"] = back },
                }
                : new JsonObject { ["type"] = "use_stripe_sdk", ["use_stripe_sdk"] = new JsonObject { ["type"] = "three_d_secure_redirect" } };
        }

        return json;
    }

    private static JsonObject Charge(StoredCharge charge) => new()
    {
        ["object"] = "charge",
        ["amount"] = charge.Amount,
        ["amount_captured"] = charge.Captured,
        ["amount_refunded"] = charge.Refunded,
        ["balance_transaction"] = charge.Movement,
        ["captured"] = charge.Captured > 0,
        ["currency"] = charge.Intent.Currency,
        ["description"] = charge.Intent.Description,
        ["disputed"] = charge.IsDisputed,
        ["failure_code"] = charge.Failure?.Code,
        ["failure_message"] = charge.Failure is null ? null : "The payment was declined.",
        ["outcome"] = new JsonObject
        {
            ["network_status"] = charge.Failure is null ? "approved_by_network" : "declined_by_network",
            ["reason"] = charge.Failure?.DeclineCode,
            ["type"] = charge.Failure is null ? "authorized" : "issuer_declined",
        },
        ["metadata"] = Texts(charge.Intent.Metadata),
        ["paid"] = charge.Status == "succeeded",
        ["payment_intent"] = charge.Intent.Id,
        ["payment_method"] = charge.Method.Id,
        ["payment_method_details"] = new JsonObject
        {
            ["type"] = charge.Method.Method.Type,
            [charge.Method.Method.Type] = new JsonObject { ["last4"] = charge.Method.Method.LastFour },
        },
        ["refunded"] = charge.Captured > 0 && charge.Refunded == charge.Captured,
        ["status"] = charge.Status,
    };

    private static JsonObject Refund(StoredRefund refund)
    {
        var json = new JsonObject
        {
            ["object"] = "refund",
            ["amount"] = refund.Amount,
            ["balance_transaction"] = refund.Movement,
            ["charge"] = refund.Charge.Id,
            ["currency"] = refund.Charge.Intent.Currency,
            ["metadata"] = Texts(refund.Metadata),
            ["payment_intent"] = refund.Charge.Intent.Id,
            ["reason"] = refund.Reason,
            ["status"] = refund.Status,
        };
        if (refund.FailureReason is not null)
        {
            json["failure_reason"] = refund.FailureReason;
            json["failure_balance_transaction"] = refund.FailureMovement;
        }

        return json;
    }

    private static JsonObject Dispute(StoredDispute dispute, StripeLedger ledger) => new()
    {
        ["object"] = "dispute",
        ["amount"] = dispute.Amount,
        ["balance_transactions"] = new JsonArray([.. dispute.Movements.Select(movement => Of(movement, ledger))]),
        ["charge"] = dispute.Charge.Id,
        ["currency"] = dispute.Charge.Intent.Currency,
        ["is_charge_refundable"] = false,
        ["metadata"] = new JsonObject(),
        ["payment_intent"] = dispute.Charge.Intent.Id,
        ["reason"] = dispute.Reason,
        ["status"] = dispute.Status,
    };

    private static JsonObject Movement(StoredMovement movement) => new()
    {
        ["object"] = "balance_transaction",
        ["amount"] = movement.Amount,
        ["available_on"] = movement.Created,
        ["currency"] = movement.Currency,
        ["exchange_rate"] = null,
        ["fee"] = movement.Fee,
        ["fee_details"] = new JsonArray(),
        ["net"] = movement.Amount - movement.Fee,
        ["reporting_category"] = movement.Category,
        ["source"] = movement.Source,
        ["status"] = "available",
        ["type"] = movement.Type,
    };

    private static JsonObject Event(StoredEvent told, StripeLedger ledger) => new()
    {
        ["object"] = "event",
        ["api_version"] = ledger.Options.ApiVersion,
        ["data"] = new JsonObject { ["object"] = told.Object.DeepClone() },
        ["pending_webhooks"] = ledger.WebhookUrl is null ? 0 : 1,
        ["request"] = new JsonObject { ["id"] = told.RequestId, ["idempotency_key"] = told.IdempotencyKey },
        ["type"] = told.Type,
    };
}
