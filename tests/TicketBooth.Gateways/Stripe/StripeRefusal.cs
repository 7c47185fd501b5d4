using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Stripe;

/// <summary>An answer in the shape of Stripe's errors.</summary>
internal sealed class StripeRefusal(int status, string type, string? code, string message, string? param = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Code { get; } = code;

    public string? DeclineCode { get; init; }

    public string? Charge { get; init; }

    public JsonObject? PaymentIntent { get; init; }

    public JsonObject? PaymentMethod { get; init; }

    public static StripeRefusal Invalid(string message, string? param = null, string? code = null) => new(400, "invalid_request_error", code, message, param);

    public static StripeRefusal Missing(string param) => Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeRefusal Empty(string param) =>
        Invalid($"You passed an empty string for '{param}', which cannot be unset.", param, "parameter_invalid_empty");

    public static StripeRefusal NotFound(string kind, string id, string param) =>
        new(404, "invalid_request_error", "resource_missing", $"No such {kind}: '{id}'", param);

    public static StripeRefusal State(string message, JsonObject intent) =>
        new(400, "invalid_request_error", "payment_intent_unexpected_state", message) { PaymentIntent = intent };

    /// <summary>Stripe takes it, the stand-in has no rules for it and must not pretend.</summary>
    public static StripeRefusal NotModelled(string what) => new(501, "api_error", "standin_not_modelled", $"The stand-in does not model {what}.", what);

    public JsonObject ToJson()
    {
        var error = new JsonObject { ["type"] = type, ["message"] = Message };
        Add(error, "code", Code);
        Add(error, "param", param);
        Add(error, "decline_code", DeclineCode);
        Add(error, "charge", Charge);
        if (Code is not null)
        {
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}";
        }

        if (PaymentIntent is not null)
        {
            error["payment_intent"] = PaymentIntent.DeepClone();
        }

        if (PaymentMethod is not null)
        {
            error["payment_method"] = PaymentMethod.DeepClone();
        }

        return error;
    }

    private static void Add(JsonObject error, string name, string? value)
    {
        if (value is not null)
        {
            error[name] = value;
        }
    }
}
