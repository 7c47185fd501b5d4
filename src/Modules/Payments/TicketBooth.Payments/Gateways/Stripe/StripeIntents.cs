using Stripe;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Finds payment intents and what belongs to them.</summary>
internal sealed class StripeIntents(StripeApi api)
{
    public const string ChargeField = "latest_charge";

    private const int PageSize = 100;

    // Stripe's clock and ours.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The intent of a payment. Where its id was never learned it is searched for by our own: among all since the payment began, because
    /// Stripe's search learns of an intent a minute or more too late.
    /// </summary>
    public async Task<StripeReply<Found>> FindAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        if (payment.ExternalId is { } id)
        {
            var reply = await GetAsync(id, cancellationToken);
            return reply switch
            {
                { Value: { } intent } => Reply(new Found(intent)),
                { IsMissing: true } => Reply(new Found(null)),
                _ => new(null, reply.Trouble, reply.Error, reply.Replayed),
            };
        }

        PaymentIntent? best = null;
        var since = payment.CreatedAt - ClockDifference;
        string? after = null;
        while (true)
        {
            var options = new PaymentIntentListOptions
            {
                Created = new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime },
                Limit = PageSize,
                StartingAfter = after,
                Expand = ["data." + ChargeField],
            };
            var reply = await api.ReadAsync(
                services => services.PaymentIntents.ListAsync(options, cancellationToken: cancellationToken),
                cancellationToken
            );
            if (reply.Value is not { } page)
            {
                return new(null, reply.Trouble, reply.Error, reply.Replayed);
            }

            // More than one only after a failure of Stripe's own, see StripeGateway: what has money counts, then what may get some.
            foreach (var intent in page.Data.Where(intent => StripeMoneyMoved.PaymentOf(intent) == payment.PaymentId))
            {
                best = best is null || RankOf(intent) < RankOf(best) ? intent : best;
            }

            if (!page.HasMore || page.Data is not [.., { Id: var last }] || best?.Status == "succeeded")
            {
                return Reply(new Found(best));
            }

            after = last;
        }
    }

    public Task<StripeReply<PaymentIntent>> GetAsync(string id, CancellationToken cancellationToken) =>
        api.ReadAsync(
            services =>
                services.PaymentIntents.GetAsync(
                    id,
                    new PaymentIntentGetOptions { Expand = [ChargeField] },
                    cancellationToken: cancellationToken
                ),
            cancellationToken
        );

    /// <summary>All refunds of a charge, the oldest first. None when there is no such charge.</summary>
    public Task<StripeReply<List<Refund>>> RefundsOfAsync(string captureId, CancellationToken cancellationToken)
    {
        var options = IsIntent(captureId)
            ? new RefundListOptions { PaymentIntent = captureId }
            : new RefundListOptions { Charge = captureId };
        return AllAsync(
            options,
            (services, page) => services.Refunds.ListAsync(page, cancellationToken: cancellationToken),
            cancellationToken
        );
    }

    public Task<StripeReply<List<Dispute>>> DisputesOfAsync(string intentId, CancellationToken cancellationToken) =>
        AllAsync(
            new DisputeListOptions { PaymentIntent = intentId },
            (services, page) => services.Disputes.ListAsync(page, cancellationToken: cancellationToken),
            cancellationToken
        );

    public static bool IsIntent(string id) => id.StartsWith("pi_", StringComparison.Ordinal);

    /// <summary>All pages of a list, which Stripe gives the newest first.</summary>
    public async Task<StripeReply<List<T>>> AllAsync<TOptions, T>(
        TOptions options,
        Func<V1Services, TOptions, Task<StripeList<T>>> list,
        CancellationToken cancellationToken
    )
        where TOptions : ListOptions
        where T : class, IHasId
    {
        var all = new List<T>();
        options.Limit = PageSize;
        while (true)
        {
            var reply = await api.ReadAsync(services => list(services, options), cancellationToken);
            if (reply.Value is not { } page)
            {
                return reply.IsMissing ? Reply<List<T>>([]) : new(null, reply.Trouble, reply.Error, reply.Replayed);
            }

            all.AddRange(page.Data);
            if (!page.HasMore || page.Data.Count == 0)
            {
                all.Reverse();
                return Reply(all);
            }

            options.StartingAfter = page.Data[^1].Id;
        }
    }

    private static int RankOf(PaymentIntent intent) =>
        StripeMoneyMoved.StateOf(intent) switch
        {
            ChargeState.Captured => 0,
            ChargeState.ActionRequired or ChargeState.Pending => 1,
            _ => 2,
        };

    private static StripeReply<T> Reply<T>(T value)
        where T : class => new(value, null, null, Replayed: false);

    /// <param name="Intent">Null when Stripe has none.</param>
    internal sealed record Found(PaymentIntent? Intent);
}
