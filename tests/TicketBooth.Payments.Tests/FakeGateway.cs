using System.Collections.Concurrent;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests;

/// <summary>A gateway that answers what the test says.</summary>
internal sealed class FakeGateway : IPaymentGateway
{
    public IReadOnlyList<string>? Currencies { get; init; }

    public Func<Charge, Task<ChargeAnswer>> OnCreate { get; set; } = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", null));

    public ChargeStanding Standing { get; set; } = new ChargeStanding.NotKnown();

    public Func<Guid, RefundAnswer> OnRefund { get; set; } = _ => RefundAnswer.Refunded;

    public ConcurrentQueue<Charge> Charges { get; } = new();

    public ConcurrentQueue<Guid> Refunds { get; } = new();

    public int Asked { get; private set; }

    public Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken)
    {
        Charges.Enqueue(charge);
        return OnCreate(charge);
    }

    public Task<ChargeStanding> GetAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(Standing);
    }

    public Task<RefundAnswer> RefundAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        Refunds.Enqueue(paymentId);
        return Task.FromResult(OnRefund(paymentId));
    }
}
