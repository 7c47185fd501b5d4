using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Stripe;

/// <summary>What every object at Stripe has. Guarded by the ledger's gate, as all that derives from it.</summary>
internal abstract class StoredObject(string id, long created)
{
    public string Id { get; } = id;

    public long Created { get; } = created;
}

internal sealed record StoredMethod(string Id, StripeTestMethod Method);

internal sealed class StoredIntent(string id, long created) : StoredObject(id, created)
{
    public required string ClientSecret { get; set; }

    public required long Amount { get; set; }

    public required string Currency { get; init; }

    public required IReadOnlyList<string> MethodTypes { get; init; }

    public required string CaptureMethod { get; init; }

    public required string ConfirmationMethod { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public bool IsAutomatic { get; init; }

    public bool AllowsRedirects { get; init; }

    public string? Description { get; init; }

    public string? ReceiptEmail { get; set; }

    public string? StatementSuffix { get; init; }

    public string Status { get; set; } = "requires_payment_method";

    public StoredMethod? Method { get; set; }

    public string? ReturnUrl { get; set; }

    public bool UsesSdk { get; set; }

    public JsonObject? LastError { get; set; }

    public string? LatestCharge { get; set; }

    public long AmountReceived { get; set; }

    public string? CancellationReason { get; set; }

    public long? CanceledAt { get; set; }
}

internal sealed class StoredCharge(string id, long created) : StoredObject(id, created)
{
    public required StoredIntent Intent { get; init; }

    public required StoredMethod Method { get; init; }

    public required long Amount { get; init; }

    public long Captured { get; set; }

    public string Status { get; set; } = "succeeded";

    public (string Code, string DeclineCode)? Failure { get; init; }

    public string? Movement { get; set; }

    public bool IsDisputed { get; set; }

    /// <summary>What refunds have taken or are about to take.</summary>
    public long Refunded { get; set; }
}

internal sealed class StoredRefund(string id, long created) : StoredObject(id, created)
{
    public required StoredCharge Charge { get; init; }

    public required long Amount { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? Reason { get; init; }

    public string Status { get; set; } = "pending";

    public string? FailureReason { get; set; }

    public string? Movement { get; set; }

    public string? FailureMovement { get; set; }
}

internal sealed class StoredDispute(string id, long created) : StoredObject(id, created)
{
    public required StoredCharge Charge { get; init; }

    public required long Amount { get; init; }

    public required string Reason { get; init; }

    public string Status { get; set; } = "needs_response";

    public List<StoredMovement> Movements { get; } = [];
}

/// <summary>A balance transaction: money that came to the account or left it.</summary>
internal sealed class StoredMovement(string id, long created) : StoredObject(id, created)
{
    public required string Type { get; init; }

    public required string Category { get; init; }

    public required long Amount { get; init; }

    public required long Fee { get; init; }

    public required string Currency { get; init; }

    public required string Source { get; init; }
}

internal sealed class StoredEvent(string id, long created) : StoredObject(id, created)
{
    public required string Type { get; init; }

    public required JsonObject Object { get; init; }

    public string? RequestId { get; init; }

    public string? IdempotencyKey { get; init; }
}
