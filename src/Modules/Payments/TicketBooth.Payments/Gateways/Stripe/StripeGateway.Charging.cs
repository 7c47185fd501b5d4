using System.Text.RegularExpressions;
using Stripe;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>What Stripe is asked to charge, and what its answers mean.</summary>
internal sealed partial class StripeGateway
{
    private PaymentIntentCreateOptions IntentOf(Charge charge, string token, long amount) =>
        new()
        {
            Amount = amount,
            Currency = charge.Currency.ToLowerInvariant(),
            Confirm = true,
            PaymentMethod = token,
            AllowedPaymentMethodTypes = ["card"],
            ReturnUrl = options.Value.ReturnUrlOf(charge.OrderId),
            Description = $"Order {charge.OrderId}",
            StatementDescriptorSuffix = options.Value.StatementDescriptorSuffix,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [StripeMoneyMoved.PaymentKey] = charge.PaymentId.ToString("D"),
                [StripeMoneyMoved.OrderKey] = charge.OrderId.ToString("D"),
            },
            Expand = [StripeIntents.ChargeField],
        };

    private static ChargeAnswer AnswerOf(PaymentIntent intent) =>
        StripeMoneyMoved.StateOf(intent) switch
        {
            ChargeState.Declined or ChargeState.Canceled => Declined(intent.LastPaymentError),
            _ => new ChargeAnswer.Taken(
                intent.Id,
                PixCode: null,
                StripeMoneyMoved.ActionOf(intent),
                StripeMoneyMoved.CaptureOf(intent, intent.Created)
            ),
        };

    private static ChargeAnswer.Refused Declined(StripeError? error) => new(StripeDeclines.ErrorOf(error), StripeDeclines.ReasonOf(error));

    private ChargeAnswer RefusalOf(Charge charge, StripeError? error)
    {
        if (error?.Type == "card_error")
        {
            return Declined(error);
        }

        switch (error?.Param)
        {
            case "payment_method":
                return new ChargeAnswer.Refused(PaymentsErrors.UnknownToken);
            case "amount" or "currency":
                return new ChargeAnswer.Refused(PaymentsErrors.AmountNotPayable);
            default:
                // A setting of ours or of the account's: the buyer can do nothing about it.
                LogRefused(logger, charge.PaymentId, error?.Code, error?.Param, error?.Message);
                return new ChargeAnswer.NotTaken();
        }
    }

    [GeneratedRegex(@"\Apm_[A-Za-z0-9_]{1,250}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PaymentMethodId();

    [LoggerMessage(
        EventId = 5040,
        Level = LogLevel.Warning,
        Message = "Payments:Stripe:SecretKey is a test key: Stripe moves no money, and every order is paid with play money"
    )]
    private static partial void LogTestKey(ILogger logger);

    [LoggerMessage(
        EventId = 5043,
        Level = LogLevel.Error,
        Message = "Stripe does not take payment {PaymentId} as we ask for it: {Code} {Param}: {Reason}"
    )]
    private static partial void LogRefused(ILogger logger, Guid paymentId, string? code, string? param, string? reason);

    [LoggerMessage(
        EventId = 5044,
        Level = LogLevel.Warning,
        Message = "Whether Stripe took payment {PaymentId} is unknown ({Trouble} {Code}); its webhook or the end of the hold will tell"
    )]
    private static partial void LogUncertain(ILogger logger, Guid paymentId, StripeTrouble? trouble, string? code);
}
