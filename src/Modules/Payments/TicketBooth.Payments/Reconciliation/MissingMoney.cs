using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Paying;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>Finds what is on record of a gateway's movement, and records what is not, as if its webhook had come.</summary>
internal sealed class MissingMoney(IPaymentStore store, IMoneyStore money, PaymentLedger ledger)
{
    private const int PageSize = 500;

    /// <param name="payment">The payment that the gateway names; null when there is none.</param>
    public async Task<OnRecord?> FindAsync(string gateway, GatewayMovement movement, Payment? payment)
    {
        if (payment is not null && OnRecord.Find(payment, movement) is { } paid)
        {
            return paid;
        }

        if (movement.Kind == MovementKind.Capture)
        {
            return OnRecord.Find(await money.FindAsync(RefundIds.OfUnmatched(gateway, movement.Id)), movement);
        }

        // A list does not say which capture a refund is of. Few captures belong to no payment.
        return payment is null ? await FindAmongUnmatchedAsync(gateway, movement) : null;
    }

    /// <summary>
    /// Asks the gateway for the whole charge, which says more than its list, and records it. Money that it does not find again is recorded
    /// as the list has it.
    /// </summary>
    /// <returns>Whether the movement is on record now.</returns>
    public async Task<bool> RecordAsync(
        IPaymentGateway gateway,
        GatewayMovement movement,
        Payment? payment,
        CancellationToken cancellationToken
    )
    {
        if (movement.ExternalId is not null || movement.PaymentId is not null)
        {
            var reference = new PaymentReference(movement.PaymentId ?? Guid.Empty, movement.ExternalId, payment?.CreatedAt ?? movement.At);
            if (await gateway.GetAsync(reference, cancellationToken) is ChargeStanding.Known known)
            {
                foreach (var fact in SettlePayment.Handler.FactsOf(known))
                {
                    await ledger.RecordAsync(new GatewayNotice(gateway.Name, known.ExternalId, movement.PaymentId, fact));
                }
            }
        }

        payment = payment is null ? null : await store.FindAsync(payment.Id);
        if (await FindAsync(gateway.Name, movement, payment) is not null)
        {
            return true;
        }

        if (FactOf(movement, payment) is not { } listed)
        {
            return false;
        }

        await ledger.RecordAsync(new GatewayNotice(gateway.Name, movement.ExternalId ?? movement.Id, movement.PaymentId, listed));
        return true;
    }

    /// <summary>Null for a refund of which nobody says what it gives back, or that may be one that we ask for at this moment.</summary>
    private static GatewayFact? FactOf(GatewayMovement movement, Payment? payment) =>
        movement.Kind == MovementKind.Capture
            ? new GatewayFact.Captured(new GatewayCapture(movement.Id, movement.Amount, movement.Currency, movement.At))
        : movement.IsTakenBack
            ? payment is { Money.Captures: [var taken] }
                ? new GatewayFact.Dispute(
                    new GatewayDispute(
                        movement.Id,
                        taken.Id,
                        movement.Amount,
                        movement.Currency,
                        DisputeState.Lost,
                        Reason: null,
                        movement.At
                    )
                )
                : null
        : payment is { AwaitsRefund: false, Money.Captures: [var only] }
            ? new GatewayFact.Refund(
                new GatewayRefund(
                    movement.Id,
                    RefundId: null,
                    only.Id,
                    movement.Amount,
                    movement.Currency,
                    GatewayRefundState.Settled,
                    Reason: null,
                    movement.At
                )
            )
        : null;

    private async Task<OnRecord?> FindAmongUnmatchedAsync(string gateway, GatewayMovement movement)
    {
        var after = Guid.Empty;
        IReadOnlyList<UnmatchedMoney> page;
        do
        {
            page = await money.ListAsync(openOnly: false, after, PageSize);
            foreach (var unmatched in page)
            {
                after = unmatched.Id;
                if (unmatched.Gateway == gateway && OnRecord.Find(unmatched, movement) is { } found)
                {
                    return found;
                }
            }
        } while (page.Count == PageSize);

        return null;
    }
}
