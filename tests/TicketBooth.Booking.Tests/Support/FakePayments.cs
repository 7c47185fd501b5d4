using System.Collections.Concurrent;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>Stands for Payments: says of each payment what the test wants it to say, and remembers that it was asked.</summary>
internal sealed class FakePayments
{
    public ConcurrentDictionary<Guid, PaymentFacts> Facts { get; } = new();

    public ConcurrentQueue<Guid> Asked { get; } = new();

    /// <summary>The gateway's word; no payment reached it unless a test says so.</summary>
    public Func<Guid, Task<Result<PaymentStanding>>> Standing { get; set; } = _ => Task.FromResult<Result<PaymentStanding>>(PaymentStanding.Unknown);

    public void Say(PaymentStanding standing) => Standing = _ => Task.FromResult<Result<PaymentStanding>>(standing);

    public void Fail() =>
        Standing = _ => Task.FromResult<Result<PaymentStanding>>(Error.Unavailable("gateway-unavailable", "The gateway does not answer.", TimeSpan.FromSeconds(1)));

    /// <summary>By payment: what Payments knows of it; of others it knows nothing.</summary>
    public ConcurrentDictionary<Guid, PaymentProgress> Progress { get; } = new();

    /// <summary>Who asked for progress, and in which language.</summary>
    public ConcurrentQueue<GetPaymentProgress> AskedForProgress { get; } = new();

    /// <summary>Instead of progress.</summary>
    public Func<Exception>? Broken { get; set; }

    internal sealed class ProgressHandler(FakePayments payments) : IRequestHandler<GetPaymentProgress, Result<PaymentProgress>>
    {
        public Task<Result<PaymentProgress>> Handle(GetPaymentProgress request, CancellationToken cancellationToken)
        {
            payments.AskedForProgress.Enqueue(request);
            return payments.Broken is { } broken ? throw broken()
                : Task.FromResult(
                    payments.Progress.TryGetValue(request.PaymentId, out var progress)
                        ? Result<PaymentProgress>.From(progress)
                        : Error.NotFound("payment-not-found", "There is no such payment."));
        }
    }

    internal sealed class SettleHandler(FakePayments payments) : IRequestHandler<SettlePayment, Result<PaymentStanding>>
    {
        public Task<Result<PaymentStanding>> Handle(SettlePayment request, CancellationToken cancellationToken)
        {
            payments.Asked.Enqueue(request.PaymentId);
            return payments.Standing(request.PaymentId);
        }
    }

    internal sealed class FactsHandler(FakePayments payments) : IRequestHandler<GetPaymentFacts, Result<IReadOnlyList<PaymentFacts>>>
    {
        public Task<Result<IReadOnlyList<PaymentFacts>>> Handle(GetPaymentFacts request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<IReadOnlyList<PaymentFacts>>.From([.. request.PaymentIds.Where(payments.Facts.ContainsKey).Select(id => payments.Facts[id])]));
    }
}
