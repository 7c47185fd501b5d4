using System.Collections.Concurrent;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Ledger;

/// <summary>
/// The gateway's own ids of payments that it has just accepted, until they are stored. The gateway's report mostly follows within moments
/// and is stored with the id, which then costs no write of its own; <see cref="StoreExternalIdsWorker"/> stores the others.
/// </summary>
/// <remarks>
/// A crash loses what is here, as it loses an answer of the gateway that is still on its way: the gateway finds a payment by our id, and
/// says its own again.
/// </remarks>
internal sealed class NewExternalIds(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, (string ExternalId, PaymentFact.Taken Taken, long Since)> unstored = new();

    /// <remarks>Whoever asks the gateway about a payment while it is being sent knows less than whoever sends it.</remarks>
    public void Add(Guid paymentId, string externalId, PaymentFact.Taken taken) =>
        unstored.AddOrUpdate(
            paymentId,
            _ => (externalId, taken, clock.GetTimestamp()),
            (_, known) =>
                (
                    externalId,
                    new PaymentFact.Taken(
                        taken.PixCode ?? known.Taken.PixCode,
                        taken.NextAction ?? known.Taken.NextAction,
                        taken.TokenMark ?? known.Taken.TokenMark
                    ),
                    known.Since
                )
        );

    /// <summary>The payment with the gateway's id and what the gateway told for the buyer, if that is known by now.</summary>
    public Payment Complete(Payment payment) =>
        payment.ExternalId is null && unstored.TryGetValue(payment.Id, out var known)
            ? PaymentTransitions.Apply(payment with { ExternalId = known.ExternalId }, known.Taken, payment.ChangedAt).After
            : payment;

    public void Remove(Guid paymentId) => unstored.TryRemove(paymentId, out _);

    /// <summary>The payments whose id has waited for so long.</summary>
    public IReadOnlyList<Guid> Waiting(TimeSpan time) =>
        [.. unstored.Where(one => clock.GetElapsedTime(one.Value.Since) >= time).Select(one => one.Key)];
}
