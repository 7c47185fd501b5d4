using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TicketBooth.Gateways.Stripe;

/// <summary>Reads a request's parameters, and returns the work that it asks for. What reading refuses is not kept for an idempotency key.</summary>
internal delegate Func<JsonObject> StripeEndpoint(StripeForm form, string id);

/// <summary>The endpoints by method and path.</summary>
internal sealed partial class StripeEndpoints(StripeLedger ledger, StripePayments payments, StripeBacklash backlash, StripeFaults faults)
{
    private static readonly string[] Create =
    [
        "allowed_payment_method_types", "amount", "automatic_payment_methods", "capture_method", "confirm", "confirmation_method", "currency", "description",
        "error_on_requires_action", "expand", "mandate_data", "metadata", "off_session", "payment_method", "payment_method_options", "payment_method_types",
        "receipt_email", "return_url", "statement_descriptor", "statement_descriptor_suffix", "use_stripe_sdk",
    ];

    private static readonly string[] CreateNotModelled =
    [
        "amount_details", "application_fee_amount", "confirmation_token", "customer", "customer_account", "excluded_payment_method_types", "hooks", "mandate",
        "on_behalf_of", "payment_details", "payment_method_configuration", "payment_method_data", "radar_options", "setup_future_usage", "shipping",
        "transfer_data", "transfer_group",
    ];

    private static readonly string[] Confirm =
    [
        "error_on_requires_action", "expand", "mandate_data", "off_session", "payment_method", "payment_method_options", "payment_method_types",
        "receipt_email", "return_url", "use_stripe_sdk",
    ];

    private static readonly string[] ConfirmNotModelled =
    [
        "allowed_payment_method_types", "amount_details", "amount_to_confirm", "capture_method", "confirmation_token", "excluded_payment_method_types", "hooks",
        "mandate", "payment_details", "payment_method_data", "radar_options", "setup_future_usage", "shipping",
    ];

    public (StripeOperation Operation, StripeEndpoint Endpoint, string Id)? Find(string method, string path)
    {
        var match = Path().Match(path);
        var (noun, id, verb) = (match.Groups["noun"].Value, match.Groups["id"].Value, match.Groups["verb"].Value);
        (StripeOperation, StripeEndpoint)? found = (method, noun, id.Length > 0, verb) switch
        {
            ("GET", "account", false, "") => (StripeOperation.GetAccount, GetAccount),
            ("GET", "balance", false, "") => (StripeOperation.GetBalance, GetBalance),
            ("POST", "payment_intents", false, "") => (StripeOperation.CreateIntent, CreateIntent),
            ("GET", "payment_intents", true, "") => (StripeOperation.GetIntent, GetIntent),
            ("GET", "payment_intents", false, "") => (StripeOperation.ListIntents, (form, _) => StripeList.Read(form, ledger, noun, () => ledger.Intents, [])),
            ("POST", "payment_intents", true, "confirm") => (StripeOperation.ConfirmIntent, ConfirmIntent),
            ("POST", "payment_intents", true, "cancel") => (StripeOperation.CancelIntent, CancelIntent),
            ("POST", "payment_intents", true, "capture") => (StripeOperation.CaptureIntent, CaptureIntent),
            ("POST", "refunds", false, "") => (StripeOperation.CreateRefund, CreateRefund),
            ("GET", "refunds", true, "") => (StripeOperation.GetRefund, GetRefund),
            ("GET", "refunds", false, "") => (StripeOperation.ListRefunds, (form, _) =>
                StripeList.Read(form, ledger, noun, () => ledger.Refunds, [("payment_intent", "payment_intent"), ("charge", "charge")])),
            ("GET", "balance_transactions", false, "") => (StripeOperation.ListBalanceTransactions, (form, _) =>
                StripeList.Read(form, ledger, noun, () => ledger.Movements, [("type", "type"), ("source", "source"), ("currency", "currency")])),
            ("GET", "events", false, "") => (StripeOperation.ListEvents, (form, _) => StripeList.Read(form, ledger, noun, () => ledger.Events, [("type", "type")])),
            ("GET", "disputes", false, "") => (StripeOperation.ListDisputes, (form, _) =>
                StripeList.Read(form, ledger, noun, () => ledger.Disputes, [("payment_intent", "payment_intent"), ("charge", "charge")])),
            _ => null,
        };
        return found is { } endpoint ? (endpoint.Item1, endpoint.Item2, id) : null;
    }

    private Func<JsonObject> GetAccount(StripeForm form, string id)
    {
        form.AllowOnly(["expand"]);
        return () => new JsonObject
        {
            ["object"] = "account",
            ["id"] = ledger.Options.AccountId,
            ["country"] = ledger.Options.AccountCountry,
            ["default_currency"] = ledger.Options.AccountCurrency,
            ["charges_enabled"] = true,
            ["payouts_enabled"] = true,
            ["details_submitted"] = true,
        };
    }

    private Func<JsonObject> GetBalance(StripeForm form, string id)
    {
        form.AllowOnly(["expand"]);
        return () => new JsonObject
        {
            ["object"] = "balance",
            ["livemode"] = ledger.Options.IsLive,
            ["available"] = new JsonArray([.. ledger.Movements.GroupBy(movement => movement.Currency, StringComparer.Ordinal)
                .Select(all => new JsonObject { ["currency"] = all.Key, ["amount"] = all.Sum(movement => movement.Amount - movement.Fee) })]),
            ["pending"] = new JsonArray(),
        };
    }

    private Func<JsonObject> CreateIntent(StripeForm form, string id)
    {
        form.AllowOnly(Create, CreateNotModelled);
        StripeIntentRules.RefuseMethodTypes(form);
        var amount = form.Integer("amount") ?? throw StripeRefusal.Missing("amount");
        var currency = StripeMoney.RequireCurrency(form.RequiredText("currency"));
        StripeMoney.RequireAmount(amount, currency);
        var confirms = form.Flag("confirm");
        var types = StripeIntentRules.MethodTypes(form, currency, out var isAutomatic, out var allowsRedirects);
        var suffix = StripeIntentRules.StatementSuffix(form, types, ledger.Options.StatementPrefix);
        var (capture, confirmation) = (form.OneOf("capture_method", "automatic", "automatic_async", "manual"), form.OneOf("confirmation_method", "automatic", "manual"));
        var (description, email, metadata) = (form.Text("description", 1000), form.Text("receipt_email"), form.Metadata());
        var method = StripeIntentRules.Method(form, types);
        var terms = StripeIntentRules.Terms(form, confirms, ledger.Options.IsLive);
        if (confirms)
        {
            StripeIntentRules.RequireConfirmable(method, terms, isAutomatic && allowsRedirects);
        }

        return () =>
        {
            var intent = new StoredIntent(StripeLedger.NewId("pi_"), ledger.Now)
            {
                ClientSecret = "",
                Amount = amount,
                Currency = currency,
                MethodTypes = types,
                CaptureMethod = capture ?? "automatic_async",
                ConfirmationMethod = confirmation ?? "automatic",
                Metadata = metadata,
                IsAutomatic = isAutomatic,
                AllowsRedirects = allowsRedirects,
                Description = description,
                ReceiptEmail = email,
                StatementSuffix = suffix,
                Method = method,
                Status = method is null ? "requires_payment_method" : "requires_confirmation",
            };
            intent.ClientSecret = $"{intent.Id}_secret_{StripeLedger.NewId("")}";
            ledger.Intents.Add(intent);
            ledger.Emit("payment_intent.created", payments.Json(intent));
            intent.Amount = faults.TakeAmount() ?? amount;
            if (confirms)
            {
                terms.Apply(intent);
                payments.Confirm(intent, method!, terms.IsOffSession, terms.RefusesAction, terms.ForcesAction);
            }

            return payments.Json(intent);
        };
    }

    private Func<JsonObject> GetIntent(StripeForm form, string id)
    {
        form.AllowOnly(["expand", "client_secret"]);
        return () => payments.Json(ledger.Intent(id));
    }

    private Func<JsonObject> ConfirmIntent(StripeForm form, string id)
    {
        form.AllowOnly(Confirm, ConfirmNotModelled);
        StripeIntentRules.RefuseMethodTypes(form);
        var terms = StripeIntentRules.Terms(form, confirms: true, ledger.Options.IsLive);
        return () =>
        {
            var intent = ledger.Intent(id);
            if (intent.Status is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
            {
                throw StripeRefusal.State($"You cannot confirm this PaymentIntent because it has a status of {intent.Status}.", payments.Json(intent));
            }

            var method = StripeIntentRules.Method(form, intent.MethodTypes) ?? intent.Method;
            StripeIntentRules.RequireConfirmable(method, terms, intent is { IsAutomatic: true, AllowsRedirects: true, ReturnUrl: null });
            terms.Apply(intent);
            payments.Confirm(intent, method!, terms.IsOffSession, terms.RefusesAction, terms.ForcesAction);
            return payments.Json(intent);
        };
    }

    private Func<JsonObject> CancelIntent(StripeForm form, string id)
    {
        form.AllowOnly(["cancellation_reason", "expand"]);
        var reason = form.OneOf("cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        return () =>
        {
            var intent = ledger.Intent(id);
            payments.Cancel(intent, reason);
            return payments.Json(intent);
        };
    }

    private Func<JsonObject> CaptureIntent(StripeForm form, string id)
    {
        form.AllowOnly(["amount_to_capture", "expand"], ["amount_details", "application_fee_amount", "final_capture", "hooks", "metadata", "transfer_data"]);
        var amount = form.Integer("amount_to_capture");
        return () =>
        {
            var intent = ledger.Intent(id);
            if (intent.Status != "requires_capture")
            {
                throw StripeRefusal.State($"This PaymentIntent could not be captured because it has a status of {intent.Status}.", payments.Json(intent));
            }

            if (amount < 1 || amount > intent.Amount)
            {
                throw StripeRefusal.Invalid("The amount to capture must be between 1 and the amount that is capturable.", "amount_to_capture", "amount_too_large");
            }

            payments.Capture(intent, ledger.Charge(intent.LatestCharge!), amount ?? intent.Amount);
            return payments.Json(intent);
        };
    }

    private Func<JsonObject> CreateRefund(StripeForm form, string id)
    {
        form.AllowOnly(
            ["amount", "charge", "expand", "metadata", "payment_intent", "reason"],
            ["currency", "customer", "instructions_email", "origin", "refund_application_fee", "reverse_transfer"]);
        var (intent, charge, amount, metadata) = (form.Text("payment_intent"), form.Text("charge"), form.Integer("amount"), form.Metadata());
        var reason = form.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        if (intent is null && charge is null)
        {
            throw StripeRefusal.Missing("payment_intent");
        }

        return () =>
        {
            if (faults.RefundRefusal is { } refusal)
            {
                throw StripeRefusal.Invalid(refusal.Message, code: refusal.Code);
            }

            var latest = intent is null ? charge : ledger.Intent(intent, "payment_intent").LatestCharge;
            return latest is null
                ? throw StripeRefusal.Invalid($"This PaymentIntent ({intent}) does not have a successful charge to refund.", "payment_intent")
                : payments.Json(backlash.Refund(ledger.Charge(latest), amount, reason, metadata));
        };
    }

    private Func<JsonObject> GetRefund(StripeForm form, string id)
    {
        form.AllowOnly(["expand"]);
        return () => payments.Json(ledger.Refund(id));
    }

    [GeneratedRegex("^/v1/(?<noun>[a-z_]+)(/(?<id>[A-Za-z0-9_]+)(/(?<verb>[a-z]+))?)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Path();
}
