using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests;

/// <summary>A gateway that answers what the test says.</summary>
internal sealed class FakeGateway : IPaymentGateway
{
    public string Name { get; init; } = "Sandbox";

    public GatewayAbilities Abilities { get; init; } = new([PaymentMethod.Card, PaymentMethod.Pix]) { CancelsAttempts = true };

    public GatewayCheck Check { get; init; } = new GatewayCheck.Right();

    public Func<Charge, Task<ChargeAnswer>> OnCreate { get; set; } = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", null));

    public ChargeStanding Standing { get; set; } = new ChargeStanding.NotKnown();

    public Func<RefundAsk, RefundAnswer> OnRefund { get; set; } = ask => new RefundAnswer.Settled(ask.RefundId.ToString("N"));

    public Func<CancelAnswer> OnCancel { get; set; } = () => CancelAnswer.Canceled;

    public ConcurrentQueue<Guid> Canceled { get; } = new();

    public ConcurrentQueue<Charge> Charges { get; } = new();

    public ConcurrentQueue<RefundAsk> Refunds { get; } = new();

    public int Asked { get; private set; }

    public static ChargeStanding.Known Known(ChargeState state, long amount, string currency = "BRL") =>
        new(state, "ext-1", state == ChargeState.Captured ? [new("ext-1", amount, currency, DateTimeOffset.UnixEpoch)] : [], []);

    public Task<GatewayCheck> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(Check);

    public Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken)
    {
        Charges.Enqueue(charge);
        return OnCreate(charge);
    }

    /// <summary>Instead of <see cref="Standing"/>.</summary>
    public Func<CancellationToken, Task<ChargeStanding>>? OnGet { get; set; }

    public Task<ChargeStanding> GetAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        Asked++;
        return OnGet is null ? Task.FromResult(Standing) : OnGet(cancellationToken);
    }

    public Task<CancelAnswer> CancelAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        Canceled.Enqueue(payment.PaymentId);
        return Task.FromResult(OnCancel());
    }

    public Task<RefundAnswer> RefundAsync(RefundAsk refund, CancellationToken cancellationToken)
    {
        Refunds.Enqueue(refund);
        return Task.FromResult(OnRefund(refund));
    }

    /// <summary>All that it took and gave back, ever.</summary>
    public List<GatewayMovement> Movements { get; } = [];

    /// <summary>Before it lists.</summary>
    public Func<Task> OnList { get; set; } = () => Task.CompletedTask;

    public async IAsyncEnumerable<GatewayMovement> ListAsync(DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await OnList();
        foreach (var movement in Movements.Where(movement => from <= movement.At && movement.At < to))
        {
            yield return movement;
        }
    }
}
