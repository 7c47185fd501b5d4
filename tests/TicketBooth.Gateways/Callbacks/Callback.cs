namespace TicketBooth.Gateways.Callbacks;

/// <summary>One word of a gateway to its customer: a POST of bytes that are ready.</summary>
/// <param name="Name">What it tells, for example <c>payment_intent.succeeded</c>. Plans are made by it.</param>
/// <param name="Headers">Asked for each attempt anew, because a signature may hold the time of the attempt.</param>
public sealed record Callback(
    string Name,
    Uri Url,
    ReadOnlyMemory<byte> Body,
    string ContentType,
    Func<IReadOnlyDictionary<string, string>> Headers);

/// <summary>How often and when a callback goes out. Out of order is <see cref="Held"/>, and then a release in another order.</summary>
/// <param name="Copies">0 is never, 2 is twice.</param>
/// <param name="IsHeld">It waits until <see cref="CallbackSender.Release"/>.</param>
public sealed record CallbackPlan(int Copies = 1, bool IsHeld = false)
{
    public static CallbackPlan AtOnce { get; } = new();

    public static CallbackPlan Twice { get; } = new(Copies: 2);

    public static CallbackPlan Never { get; } = new(Copies: 0);

    /// <summary>Late: when the test says so.</summary>
    public static CallbackPlan Held { get; } = new(IsHeld: true);
}

public enum CallbackOrder
{
    AsSent,
    Reversed,
}

/// <summary>What came back: the status, or why there was none.</summary>
public sealed record CallbackAttempt(int? Status, string? Fault)
{
    public bool IsAccepted => Status is >= 200 and < 300;
}

/// <summary>A callback and what became of it. One that was sent twice has two deliveries.</summary>
public sealed record CallbackDelivery(Callback Callback, IReadOnlyList<CallbackAttempt> Attempts, bool IsHeld)
{
    public bool IsAccepted => Attempts is [.., { IsAccepted: true }];
}
