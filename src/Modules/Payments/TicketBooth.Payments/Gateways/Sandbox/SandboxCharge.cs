using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>A charge as the sandbox stores it.</summary>
/// <param name="Outcome">What it becomes at <paramref name="SettlesAt"/>; null when it stays open for ever.</param>
/// <param name="RefundedAt">When all of it was given back under the payment's own id.</param>
internal sealed record SandboxCharge(
    Guid PaymentId,
    string ExternalId,
    long Amount,
    string Currency,
    SandboxState? Outcome,
    DateTimeOffset SettlesAt,
    string? PixCode,
    DateTimeOffset? RefundedAt = null
)
{
    /// <summary>What is more than a plain charge; null mostly.</summary>
    public SandboxMore? More { get; init; }

    public SandboxMore Rest => More ?? SandboxMore.None;

    /// <summary>Of a card that is charged late: the money comes, whatever is asked for meanwhile.</summary>
    public bool IsOnItsWay => PixCode is null && Outcome == SandboxState.Captured;

    public SandboxState StateAt(DateTimeOffset now) =>
        (RefundedAt, Outcome) switch
        {
            (not null, _) => SandboxState.Refunded,
            (_, { } outcome) when SettlesAt <= now => outcome,
            _ => SandboxState.Pending,
        };

    /// <summary>All that it took by now.</summary>
    public IEnumerable<GatewayCapture> CapturesAt(DateTimeOffset now) =>
        StateAt(now) is SandboxState.Captured or SandboxState.Refunded
            ? [new GatewayCapture(ExternalId, Amount, Currency, SettlesAt), .. Rest.Captures]
            : [];

    /// <summary>All that it gave back.</summary>
    public IEnumerable<GatewayRefund> Refunds =>
        RefundedAt is { } at
            ?
            [
                new GatewayRefund(
                    PaymentId.ToString("N"),
                    PaymentId,
                    ExternalId,
                    Amount,
                    Currency,
                    GatewayRefundState.Settled,
                    Reason: null,
                    at
                ),
                .. Rest.Refunds,
            ]
            : Rest.Refunds;
}

/// <summary>What is more than a plain charge.</summary>
internal sealed record SandboxMore(
    ValueList<GatewayCapture> Captures,
    ValueList<GatewayRefund> Refunds,
    bool AwaitsStep = false,
    bool RefusesRefunds = false
)
{
    public static readonly SandboxMore None = new([], []);

    private static readonly JsonSerializerOptions Options = new() { Converters = { new Storage.ValueListJson() } };

    public static string? Write(SandboxMore? more) => more is null ? null : JsonSerializer.Serialize(more, Options);

    public static SandboxMore? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<SandboxMore>(json, Options);
}

/// <summary>What became of a charge; stored as a number.</summary>
internal enum SandboxState
{
    Pending,
    Captured,
    Declined,
    Refunded,
    Canceled,
}

/// <summary>A webhook that is to be sent.</summary>
/// <param name="Detail">What it says beyond the charge.</param>
internal sealed record SandboxWebhook(string WebhookId, string Type, DateTimeOffset DueAt, SandboxDetail? Detail = null);

/// <summary>What a webhook says beyond its charge. What is null it does not say.</summary>
/// <param name="Amount">Instead of the charge's.</param>
internal sealed record SandboxDetail(
    long? Amount = null,
    string? CaptureId = null,
    Guid? RefundId = null,
    string? RefundExternalId = null,
    string? DisputeId = null,
    string? DisputeState = null,
    string? Reason = null
)
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string? Write(SandboxDetail? detail) => detail is null ? null : JsonSerializer.Serialize(detail, Options);

    public static SandboxDetail? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<SandboxDetail>(json, Options);
}

/// <summary>A webhook that the sandbox has to send.</summary>
/// <param name="Number">Distinguishes the callbacks about one payment; a webhook that is sent three times has three.</param>
internal sealed record SandboxCallback(
    long Number,
    string WebhookId,
    string Type,
    DateTimeOffset DueAt,
    Guid PaymentId,
    string ExternalId,
    long Amount,
    string Currency,
    SandboxDetail? Detail = null
);
