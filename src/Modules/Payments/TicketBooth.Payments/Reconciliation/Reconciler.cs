using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>
/// Compares what each gateway says it took and gave back with what is on record, both ways. A movement belongs to a period by the
/// gateway's time; ours is when we learned of it.
/// </summary>
/// <remarks>
/// The gateway is also asked for the time of <see cref="Margin"/> before and after the period, so that ours near a border is found there.
/// Ours that is not in that list either is asked for by itself: a webhook that came days late belongs to another period and is no
/// difference. What the gateway did in the last minutes may still be told: see <see cref="Patience"/>.
/// </remarks>
internal sealed class Reconciler(PaymentGateways gateways, IPaymentStore store, IMoneyStore money, MissingMoney missing, TimeProvider clock)
{
    /// <summary>On both sides of the period.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>How long a webhook may take before its absence is a difference.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const int PageSize = 500;

    // A gateway that knows nothing of ours (another account's key, perhaps) is not asked about each.
    private const int MostQuestions = 500;

    /// <param name="from">Movements from then on.</param>
    /// <param name="to">Movements before then.</param>
    /// <param name="records">Whether to record what is missing here.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Differences> CompareAsync(DateTimeOffset from, DateTimeOffset to, bool records, CancellationToken cancellationToken)
    {
        var found = new Differences();
        foreach (var gateway in gateways.All)
        {
            await CompareTheirsAsync(found.Add(gateway), gateway, (from, to), found, records, cancellationToken);
        }

        await CompareOursAsync((from, to), found, cancellationToken);
        return found;
    }

    private async Task CompareTheirsAsync(
        GatewayTally tally,
        IPaymentGateway gateway,
        (DateTimeOffset From, DateTimeOffset To) period,
        Differences found,
        bool records,
        CancellationToken cancellationToken
    )
    {
        if (!gateway.Abilities.ListsMovements)
        {
            tally.Failure = "It cannot list what it took and gave back.";
            return;
        }

        try
        {
            var listed = gateway.ListAsync(period.From - Margin, period.To + Margin, cancellationToken);
            await foreach (var some in listed.Chunk(PageSize).WithCancellation(cancellationToken))
            {
                foreach (var movement in some)
                {
                    tally.Listed(movement);
                }

                var inside = some.Where(movement => period.From <= movement.At && movement.At < period.To).ToList();
                var ids = inside.Select(movement => movement.PaymentId).OfType<Guid>().Distinct().ToList();
                var payments = (await store.FindAsync(ids)).ToDictionary(stored => stored.Payment.Id, stored => stored.Payment);
                foreach (var movement in inside)
                {
                    var payment = movement.PaymentId is { } id ? payments.GetValueOrDefault(id) : null;
                    await CompareAsync(tally, gateway, movement, payment, found, records, cancellationToken);
                }
            }
        }
        catch (GatewayUnreachableException unreachable)
        {
            tally.Failure = (await gateway.CheckAsync(cancellationToken)).Text ?? unreachable.Message;
        }
    }

    private async Task CompareAsync(
        GatewayTally tally,
        IPaymentGateway gateway,
        GatewayMovement movement,
        Payment? payment,
        Differences found,
        bool records,
        CancellationToken cancellationToken
    )
    {
        var theirs = new ReconciledAmount(movement.Amount, movement.Currency);
        var ours = await missing.FindAsync(gateway.Name, movement, payment);
        if (ours is { } known)
        {
            tally.AddTheirs(movement.Kind, theirs);
            tally.AddOurs(movement.Kind, known.Amount);
            if (known.Note != ReconciliationNote.None)
            {
                found.Add(gateway.Name, ReconciliationDifferenceKind.TheirsOnly, movement, payment, known.Amount, known.Note);
            }
            else if (known.Amount != theirs)
            {
                found.Add(gateway.Name, ReconciliationDifferenceKind.OtherAmount, movement, payment, known.Amount, known.Note);
            }

            return;
        }

        var isRecorded = records && await missing.RecordAsync(gateway, movement, payment, cancellationToken);
        if (movement.At > clock.GetUtcNow() - Patience)
        {
            tally.UnderWay++;
            return;
        }

        tally.AddTheirs(movement.Kind, theirs);
        var note =
            isRecorded ? ReconciliationNote.Recorded
            : records ? ReconciliationNote.NotRecorded
            : ReconciliationNote.None;
        found.Add(gateway.Name, ReconciliationDifferenceKind.TheirsOnly, movement, payment, ours: null, note);
    }

    private async Task CompareOursAsync(
        (DateTimeOffset From, DateTimeOffset To) period,
        Differences found,
        CancellationToken cancellationToken
    )
    {
        var questions = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var own in OwnAsync(period).WithCancellation(cancellationToken))
        {
            if (own.At < period.From || own.At >= period.To)
            {
                continue;
            }

            var tally = found.TallyOf(own.Gateway);
            if (tally.Asked is null)
            {
                tally.AddOurs(own.Kind, own.Amount);
                continue;
            }

            if (tally.Failure is not null || tally.Lists(own))
            {
                continue;
            }

            var asked = questions[own.Gateway] = questions.GetValueOrDefault(own.Gateway) + 1;
            var standing =
                asked <= MostQuestions ? await tally.Asked.GetAsync(own.Charge, cancellationToken) : new ChargeStanding.NotKnown();
            if (standing is ChargeStanding.Unreachable)
            {
                tally.Failure = $"{own.Gateway} did not answer about {own.Id}.";
            }
            else if (AmountOf(standing, own) is not { } theirs)
            {
                tally.AddOurs(own.Kind, own.Amount);
                found.Add(own, ReconciliationDifferenceKind.OursOnly, theirs: null);
            }
            else if (theirs != own.Amount)
            {
                found.Add(own, ReconciliationDifferenceKind.OtherAmount, theirs);
            }
        }
    }

    private static ReconciledAmount? AmountOf(ChargeStanding standing, OwnMovement own) =>
        standing is not ChargeStanding.Known known ? null
        : own.Kind == MovementKind.Capture
            ? known.Captures.Where(one => one.Id == own.Id).Select(one => new ReconciledAmount(one.Amount, one.Currency)).FirstOrDefault()
        : known
            .Refunds.Where(one => one.Id == own.Id && one.State != GatewayRefundState.Refused)
            .Select(one => new ReconciledAmount(one.Amount, one.Currency))
            .FirstOrDefault();

    private async IAsyncEnumerable<OwnMovement> OwnAsync((DateTimeOffset From, DateTimeOffset To) period)
    {
        var after = Guid.Empty;
        IReadOnlyList<Payment> payments;
        do
        {
            payments = await store.ListMovedAsync(period.From, period.To, after, PageSize);
            foreach (var own in payments.SelectMany(OnRecord.MovementsOf))
            {
                yield return own;
            }

            after = payments.Count > 0 ? payments[^1].Id : after;
        } while (payments.Count == PageSize);

        after = Guid.Empty;
        IReadOnlyList<UnmatchedMoney> unmatched;
        do
        {
            unmatched = await money.ListAsync(openOnly: false, after, PageSize);
            foreach (var own in unmatched.SelectMany(OnRecord.MovementsOf))
            {
                yield return own;
            }

            after = unmatched.Count > 0 ? unmatched[^1].Id : after;
        } while (unmatched.Count == PageSize);
    }
}
