using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Domain;

/// <summary>Something that happened to a payment, and that no gateway told us.</summary>
internal abstract record PaymentFact
{
    private PaymentFact() { }

    /// <summary>The gateway refused it, or never took it up.</summary>
    public sealed record Declined(string Reason) : PaymentFact;

    /// <summary>Booking has no order for the money: all of it goes back.</summary>
    public sealed record RefundDue(string Reason) : PaymentFact;

    /// <summary>A part of the money goes back.</summary>
    public sealed record PartialRefundDue(Guid RefundId, long Amount, string Currency, string Reason) : PaymentFact;

    /// <summary>The gateway accepted a refund, or did it.</summary>
    public sealed record RefundAccepted(Guid RefundId, string ExternalId, long Amount, bool IsSettled) : PaymentFact;

    /// <summary>The gateway does not do a refund. After too many such answers a person must act.</summary>
    public sealed record RefundNotDone(Guid RefundId, string Failure, bool IsFinal) : PaymentFact;

    /// <summary>Staff try a refused refund again, under a new id at the gateway.</summary>
    public sealed record RefundTriedAgain(int Index, Guid AskedAs, string By) : PaymentFact;

    /// <summary>Staff paid the buyer in another way.</summary>
    public sealed record PaidBackByHand(int Index, string Reference, string By) : PaymentFact;

    /// <summary>Staff took note of a refund that we did not ask for, or of a dispute.</summary>
    public sealed record Noted(bool IsDispute, int Index, string Note) : PaymentFact;

    /// <summary>What the gateway said when it accepted the payment.</summary>
    /// <param name="TokenMark">As in <see cref="MoneyOnRecord.TokenMark"/>.</param>
    public sealed record Taken(string? PixCode, NextAction? NextAction, string? TokenMark = null) : PaymentFact;

    /// <summary>Its order has ended without it: nobody waits for it any more.</summary>
    public sealed record OrderEnded : PaymentFact;

    /// <summary>The gateway was told to end it, and could not or did not answer.</summary>
    public sealed record NotEnded : PaymentFact;
}

/// <summary>One change of a payment, as decided.</summary>
/// <param name="After">The payment after the change.</param>
/// <param name="Messages">What is published about it, in the same atomic write.</param>
/// <param name="Contradiction">The fact contradicts what was known before; it changed nothing, and a person should look.</param>
internal sealed record Step(Payment After, IReadOnlyList<IIntegrationEvent> Messages, bool Contradiction = false)
{
    public Step(Payment after)
        : this(after, []) { }
}
