using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Stripe;

public sealed record StripeStandInOptions
{
    /// <summary>The secret key that requests need. One with <c>_live_</c> makes objects with <c>livemode</c> true.</summary>
    public string ApiKey { get; init; } = "sk_test_standin";

    /// <summary>Signs the webhooks.</summary>
    public string WebhookSecret { get; init; } = "whsec_standin";

    /// <summary>What requests have to pin, and what events are rendered by: the version that Stripe.net 53.1 pins.</summary>
    public string ApiVersion { get; init; } = "2026-10-28.endive";

    /// <summary>Where webhooks go. It can be set later: <see cref="StripeStandIn.WebhookUrl"/>.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>The event types that the webhook endpoint takes; empty: all of them.</summary>
    public IReadOnlySet<string> EnabledEvents { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public string AccountId { get; init; } = "acct_1StandIn";

    public string AccountCurrency { get; init; } = "brl";

    public string AccountCountry { get; init; } = "BR";

    /// <summary>The first part of what a card's holder reads, before <c>statement_descriptor_suffix</c>.</summary>
    public string StatementPrefix { get; init; } = "CASINO";

    /// <summary>The fee in ten-thousandths of the amount. It is not given back with a refund.</summary>
    public int FeeBasisPoints { get; init; } = 290;

    /// <summary>What a dispute costs, in the smallest unit.</summary>
    public long DisputeFee { get; init; } = 1500;

    /// <summary>0: a free port.</summary>
    public int Port { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public CallbackSenderOptions Callbacks { get; init; } = new();

    internal bool IsLive => ApiKey.Contains("_live_", StringComparison.Ordinal);
}
