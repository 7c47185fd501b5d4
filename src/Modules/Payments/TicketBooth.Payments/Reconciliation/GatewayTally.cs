using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>What a comparison has found of one gateway so far.</summary>
internal sealed class GatewayTally(string gateway)
{
    private readonly HashSet<(MovementKind Kind, string Id)> listed = [];
    private readonly SortedDictionary<(MoneyMovement Movement, string Currency), Sum> sums = [];

    /// <summary>Null for a gateway that the settings do not name.</summary>
    public IPaymentGateway? Asked { get; init; }

    /// <summary>Why it could not be asked, or not to the end.</summary>
    public string? Failure { get; set; }

    public long UnderWay { get; set; }

    public void Listed(GatewayMovement movement) => listed.Add((movement.Kind, movement.Id));

    public bool Lists(OwnMovement own) => listed.Contains((own.Kind, own.Id));

    public void AddTheirs(MovementKind kind, ReconciledAmount amount) => Add(kind, amount, new Sum(1, amount.Amount, 0, 0));

    public void AddOurs(MovementKind kind, ReconciledAmount amount) => Add(kind, amount, new Sum(0, 0, 1, amount.Amount));

    public ReconciledGateway Result() =>
        new(
            gateway,
            Failure,
            UnderWay,
            [
                .. sums.Select(sum => new ReconciledSum(
                    sum.Key.Movement,
                    sum.Key.Currency,
                    sum.Value.TheirCount,
                    sum.Value.TheirAmount,
                    sum.Value.OurCount,
                    sum.Value.OurAmount
                )),
            ]
        );

    public static MoneyMovement NameOf(MovementKind kind) => kind == MovementKind.Capture ? MoneyMovement.Capture : MoneyMovement.Refund;

    private void Add(MovementKind kind, ReconciledAmount amount, Sum more)
    {
        var key = (NameOf(kind), amount.Currency);
        var sum = sums.GetValueOrDefault(key);
        sums[key] = new(
            sum.TheirCount + more.TheirCount,
            sum.TheirAmount + more.TheirAmount,
            sum.OurCount + more.OurCount,
            sum.OurAmount + more.OurAmount
        );
    }

    private readonly record struct Sum(long TheirCount, long TheirAmount, long OurCount, long OurAmount);
}
