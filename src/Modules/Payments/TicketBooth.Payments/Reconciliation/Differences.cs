using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>What a comparison has found so far.</summary>
internal sealed class Differences
{
    private const int MostLines = 1_000;

    private readonly Dictionary<string, GatewayTally> tallies = new(StringComparer.Ordinal);
    private readonly List<ReconciliationDifference> lines = [];
    private long count;

    public GatewayTally Add(IPaymentGateway gateway) => tallies[gateway.Name] = new GatewayTally(gateway.Name) { Asked = gateway };

    /// <summary>Of a gateway that the settings do not name, too: it has our money, and nobody can ask it.</summary>
    public GatewayTally TallyOf(string gateway)
    {
        if (!tallies.TryGetValue(gateway, out var tally))
        {
            tally = new GatewayTally(gateway) { Failure = $"{PaymentGateways.Setting} does not name it, so it could not be asked." };
            tallies.Add(gateway, tally);
        }

        return tally;
    }

    public void Add(
        string gateway,
        ReconciliationDifferenceKind kind,
        GatewayMovement movement,
        Payment? payment,
        ReconciledAmount? ours,
        ReconciliationNote note
    ) =>
        AddLine(
            new(
                gateway,
                kind,
                GatewayTally.NameOf(movement.Kind),
                movement.Id,
                movement.ExternalId,
                movement.PaymentId,
                payment?.OrderId,
                new(movement.Amount, movement.Currency),
                ours,
                movement.At,
                note
            )
        );

    public void Add(OwnMovement own, ReconciliationDifferenceKind kind, ReconciledAmount? theirs) =>
        AddLine(
            new(
                own.Gateway,
                kind,
                GatewayTally.NameOf(own.Kind),
                own.Id,
                own.Charge.ExternalId,
                own.Charge.PaymentId == Guid.Empty ? null : own.Charge.PaymentId,
                own.OrderId,
                theirs,
                own.Amount,
                own.At,
                ReconciliationNote.None
            )
        );

    public ReconciliationReport Report(Guid id, ReconciliationPeriod period, DateTimeOffset startedAt, DateTimeOffset endedAt) =>
        new(
            new ReconciliationSummary(
                id,
                period.From,
                period.To,
                startedAt,
                endedAt,
                period.By,
                count,
                [.. tallies.Values.Select(tally => tally.Result())]
            ),
            lines
        );

    private void AddLine(ReconciliationDifference difference)
    {
        count++;
        if (lines.Count < MostLines)
        {
            lines.Add(difference);
        }
    }
}

/// <summary>What to compare.</summary>
/// <param name="By">The member of staff who asked for it; null for the daily one.</param>
/// <param name="Due">When the daily one was due; null for others.</param>
internal sealed record ReconciliationPeriod(DateTimeOffset From, DateTimeOffset To, string? By = null, DateTimeOffset? Due = null);
