namespace TicketBooth.Gateways.Stripe;

public enum StripeOperation
{
    Any,
    GetAccount,
    GetBalance,
    CreateIntent,
    GetIntent,
    ListIntents,
    ConfirmIntent,
    CancelIntent,
    CaptureIntent,
    CreateRefund,
    GetRefund,
    ListRefunds,
    ListBalanceTransactions,
    ListEvents,
    ListDisputes,
}

/// <summary>A request that is stopped before its work until the test lets it go.</summary>
public sealed class StripeHold
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a request is there.</summary>
    public Task Reached => reached.Task;

    public void Release() => released.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        reached.TrySetResult();
        return released.Task.WaitAsync(cancellationToken);
    }
}

internal sealed record StripeFault(StripeOperation Operation, int? Status = null, bool Works = false, bool IsSilent = false, bool Breaks = false, StripeHold? Hold = null);

/// <summary>What goes wrong, on demand. Each fault meets a number of requests of its operation, in the order in which the faults were made.</summary>
public sealed class StripeFaults
{
    private readonly Lock gate = new();
    private readonly List<StripeFault> faults = [];
    private long? amountOfNextIntent;
    private string? refundStatus;
    private (string Code, string Message)? refundRefusal;

    internal string? RefundStatus
    {
        get
        {
            lock (gate)
            {
                return refundStatus;
            }
        }
    }

    internal (string Code, string Message)? RefundRefusal
    {
        get
        {
            lock (gate)
            {
                return refundRefusal;
            }
        }
    }

    /// <summary>Answers so and does nothing. With an idempotency key Stripe keeps a 500 for it, and keeps no 429 and no 503.</summary>
    public void Fail(StripeOperation operation, int status, int times = 1) => Add(new StripeFault(operation, status), times);

    /// <summary>Does the work and answers 500, also to the idempotency key's next request.</summary>
    public void WorkThenFail(StripeOperation operation, int times = 1) => Add(new StripeFault(operation, 500, Works: true), times);

    /// <summary>Does nothing and never answers: the client has to give up.</summary>
    public void Silence(StripeOperation operation, int times = 1) => Add(new StripeFault(operation, IsSilent: true), times);

    /// <summary>Does nothing and breaks the connection.</summary>
    public void Break(StripeOperation operation, int times = 1) => Add(new StripeFault(operation, Breaks: true), times);

    /// <summary>Does the work and never answers.</summary>
    public void WorkThenSilence(StripeOperation operation, int times = 1) => Add(new StripeFault(operation, Works: true, IsSilent: true), times);

    /// <summary>Does the work and breaks the connection.</summary>
    public void WorkThenBreak(StripeOperation operation, int times = 1) => Add(new StripeFault(operation, Works: true, Breaks: true), times);

    public StripeHold Hold(StripeOperation operation)
    {
        var hold = new StripeHold();
        Add(new StripeFault(operation, Works: true, Hold: hold), 1);
        return hold;
    }

    /// <summary>Every <c>POST /v1/refunds</c> is 400 with this code, until <see cref="Clear"/>.</summary>
    public void RefuseRefunds(string code = "insufficient_funds", string message = "Insufficient funds in your Stripe balance to refund this amount.")
    {
        lock (gate)
        {
            refundRefusal = (code, message);
        }
    }

    /// <summary>New refunds begin as <c>pending</c>, <c>requires_action</c> or <c>succeeded</c>; null: as the payment method's.</summary>
    public void StartRefundsAs(string? status)
    {
        lock (gate)
        {
            refundStatus = status is null or "pending" or "requires_action" or "succeeded" ? status : throw new ArgumentOutOfRangeException(nameof(status));
        }
    }

    /// <summary>The next payment intent is changed in the console before it is confirmed: it captures this amount.</summary>
    public void ChangeAmountOfNextIntent(long amount)
    {
        lock (gate)
        {
            amountOfNextIntent = amount;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            faults.Clear();
            (amountOfNextIntent, refundStatus, refundRefusal) = (null, null, null);
        }
    }

    internal StripeFault? Take(StripeOperation operation)
    {
        lock (gate)
        {
            var index = faults.FindIndex(fault => fault.Operation == operation || fault.Operation == StripeOperation.Any);
            if (index < 0)
            {
                return null;
            }

            var fault = faults[index];
            faults.RemoveAt(index);
            return fault;
        }
    }

    internal long? TakeAmount()
    {
        lock (gate)
        {
            var amount = amountOfNextIntent;
            amountOfNextIntent = null;
            return amount;
        }
    }

    private void Add(StripeFault fault, int times)
    {
        lock (gate)
        {
            faults.AddRange(Enumerable.Repeat(fault, times));
        }
    }
}
