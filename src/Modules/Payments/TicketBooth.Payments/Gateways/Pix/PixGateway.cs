using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>
/// Pix by the Central Bank's API, which every Brazilian payment provider serves. The charge's id there is the payment's own, a refund's is
/// the refund's own: after an answer that did not come, asking decides.
/// </summary>
internal sealed class PixGateway(PixApi api, PixReader reader, IOptions<PixOptions> options, TimeProvider clock) : IPaymentGateway
{
    public const string GatewayName = "Pix";

    /// <summary>How long after money came it may go back: 90 days by a devolução, then what MED takes to decide.</summary>
    private static readonly TimeSpan LongestReturn = TimeSpan.FromDays(120);

    /// <summary>Before this there was no Pix.</summary>
    private static readonly DateTimeOffset Beginning = new(2020, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromHours(1);

    public string Name => GatewayName;

    public GatewayAbilities Abilities { get; } =
        new([PaymentMethod.Pix])
        {
            Currencies = [PixIds.Currency],
            PartialRefunds = true,
            AsynchronousCapture = true,
            AsynchronousRefunds = true,
            CancelsAttempts = true,
            Disputes = true,
            ListsMovements = true,
        };

    public async Task<GatewayCheck> CheckAsync(CancellationToken cancellationToken)
    {
        var reply = await api.GetAsync(WebhookPath, cancellationToken);
        return reply switch
        {
            { IsSuccess: true } or { IsNotFound: true } => new GatewayCheck.Right(),
            { Failure: { } failure } => reply.IsOutage ? new GatewayCheck.Unreachable(failure) : new GatewayCheck.Wrong(failure),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new GatewayCheck.Wrong(
                Text(nameof(PixOptions.ClientId), "may not use the API", reply)
            ),
            { IsRefused: true } => new GatewayCheck.Wrong(Text(nameof(PixOptions.Key), "is refused", reply)),
            { IsPassing: true } => new GatewayCheck.Unreachable(TextOfAnswer(reply)),
            _ => new GatewayCheck.Wrong(TextOfAnswer(reply)),
        };
    }

    public async Task<ChargeAnswer> CreateAsync(Charge charge, CancellationToken cancellationToken)
    {
        if (charge.Currency != PixIds.Currency)
        {
            return new ChargeAnswer.Refused(PaymentsErrors.PixNeedsReais);
        }

        var path = PathOf(charge.PaymentId);
        var request = new CobRequest(
            new Calendar(CreatedAt: null, SecondsUntil(charge.ExpiresAt, clock.GetUtcNow())),
            new CobAmount(PixIds.AmountOf(charge.Amount)),
            options.Value.Key,
            options.Value.RequestToPayer
        );
        var reply = await api.SendAsync(HttpMethod.Put, path, request, PixDocuments.Default.CobRequest, cancellationToken);
        if (reply.Read(PixDocuments.Default.Cob) is { Code: not null } made)
        {
            await KeepExpiryAsync(charge, made, cancellationToken);
            return new ChargeAnswer.Taken(made.Txid, made.Code);
        }

        if (reply.Outcome == PixOutcome.NotSent || reply.IsTurnedAway)
        {
            return new ChargeAnswer.NotTaken();
        }

        // The answer was lost, or the charge is there already and takes no change. One that is not there now harms nobody if it is made
        // late: nobody has its code.
        return await reader.CobAsync(PixIds.Of(charge.PaymentId), cancellationToken) switch
        {
            { Value: { IsRemoved: true, Received: null or [] } } => new ChargeAnswer.NotTaken(),
            { Value: { } cob } => new ChargeAnswer.Taken(
                cob.Txid,
                cob.Status == Cob.Active ? cob.Code : null,
                Capture: cob.Received is [var pix, ..] ? PixFacts.CaptureOf(pix) : null
            ),
            { IsNone: true } => reply.IsRefused ? new ChargeAnswer.Refused(PaymentsErrors.MethodUnavailable) : new ChargeAnswer.NotTaken(),
            _ => new ChargeAnswer.Uncertain(),
        };
    }

    public async Task<ChargeStanding> GetAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        await reader.CobAsync(PixIds.Of(payment.PaymentId), cancellationToken) switch
        {
            { IsNone: true } => new ChargeStanding.NotKnown(),
            { Value: { } cob } => StandingOf(cob),
            _ => new ChargeStanding.Unreachable(),
        };

    public async Task<CancelAnswer> CancelAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        var removal = new CobRemoval(Cob.RemovedByUs);
        var reply = await api.SendAsync(
            HttpMethod.Patch,
            PathOf(payment.PaymentId),
            removal,
            PixDocuments.Default.CobRemoval,
            cancellationToken
        );
        if (reply.IsNotFound)
        {
            return CancelAnswer.NotKnown;
        }

        // Also after a yes: money may have been on its way.
        return await GetAsync(payment, cancellationToken) switch
        {
            ChargeStanding.NotKnown => CancelAnswer.NotKnown,
            ChargeStanding.Known { State: ChargeState.Captured } => CancelAnswer.AlreadyCaptured,
            ChargeStanding.Known { State: ChargeState.Canceled } => CancelAnswer.Canceled,
            _ => CancelAnswer.Unreachable,
        };
    }

    public async Task<RefundAnswer> RefundAsync(RefundAsk refund, CancellationToken cancellationToken)
    {
        if (!PixIds.IsEndToEndId(refund.CaptureId))
        {
            return new RefundAnswer.NotCaptured();
        }

        var id = PixIds.Of(refund.RefundId);
        var reply = await api.SendAsync(
            HttpMethod.Put,
            $"pix/{refund.CaptureId}/devolucao/{id}",
            new DevolucaoRequest(PixIds.AmountOf(refund.Amount)),
            PixDocuments.Default.DevolucaoRequest,
            cancellationToken
        );
        if (reply.Read(PixDocuments.Default.Devolucao) is { } given)
        {
            return PixFacts.AnswerOf(given);
        }

        if (reply.Outcome == PixOutcome.NotSent || reply.IsTurnedAway)
        {
            return new RefundAnswer.Unreachable();
        }

        // Refused because it is there already, or for good; or the answer was lost.
        return await reader.DevolucaoAsync(refund.CaptureId, id, cancellationToken) switch
        {
            { Value: { } there } => PixFacts.AnswerOf(there),
            { IsNone: true } when reply.IsNotFound => new RefundAnswer.NotCaptured(),
            { IsNone: true } when reply.IsRefused => new RefundAnswer.Refused(reply.Problem!.ToString()),
            _ => new RefundAnswer.Unreachable(),
        };
    }

    public async IAsyncEnumerable<GatewayMovement> ListAsync(
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        from = from < Beginning ? Beginning : from;
        var latest = clock.GetUtcNow() + ClocksDiffer;
        to = to > latest ? latest : to;
        var listed = new HashSet<(MovementKind, string)>();
        await foreach (var pix in reader.ReceivedAsync(from, to, onlyReturned: false, cancellationToken))
        {
            if (from <= pix.At && pix.At < to && listed.Add((MovementKind.Capture, pix.EndToEndId)))
            {
                yield return PixFacts.MovementOf(pix);
            }
        }

        // The API searches by the time when money came; what goes back may have come long before.
        await foreach (var pix in reader.ReceivedAsync(from - LongestReturn, to, onlyReturned: true, cancellationToken))
        {
            foreach (var returned in PixFacts.ReturnsOf(pix))
            {
                if (from <= returned.At && returned.At < to && listed.Add((MovementKind.Refund, returned.Id)))
                {
                    yield return returned;
                }
            }
        }
    }

    /// <summary>Where the API has the webhook of our key.</summary>
    private string WebhookPath => WebhookPathOf(options.Value);

    public static string WebhookPathOf(PixOptions options) => $"webhook/{Uri.EscapeDataString(options.Key!)}";

    private static string PathOf(Guid paymentId) => $"cob/{PixIds.Of(paymentId)}";

    /// <summary>Whole seconds, never beyond the hold; at least one, because the API takes no less.</summary>
    private static long SecondsUntil(DateTimeOffset end, DateTimeOffset since) => Math.Max(1, (long)(end - since).TotalSeconds);

    /// <summary>
    /// A repeated charge changes the one that is there. Its seconds count from when that was made, so they are too few; the buyer gets the
    /// rest back. A failure of this shortens the buyer's time and nothing else.
    /// </summary>
    private async Task KeepExpiryAsync(Charge charge, Cob made, CancellationToken cancellationToken)
    {
        if (made is { Revision: > 0, Calendar.CreatedAt: { } createdAt })
        {
            var whole = new CobRequest(new Calendar(CreatedAt: null, SecondsUntil(charge.ExpiresAt, createdAt)));
            await api.SendAsync(HttpMethod.Patch, PathOf(charge.PaymentId), whole, PixDocuments.Default.CobRequest, cancellationToken);
        }
    }

    /// <remarks>A charge that has expired is still active: money may be on its way. One that is concluded names its money.</remarks>
    private static ChargeStanding StandingOf(Cob cob)
    {
        var received = cob.Received ?? [];
        return (cob.Status, received.Count) switch
        {
            (_, > 0) => Known(ChargeState.Captured),
            (Cob.Active, _) => Known(ChargeState.Pending) with { PixCode = cob.Code },
            (Cob.Concluded, _) => new ChargeStanding.Unreachable(),
            _ => Known(ChargeState.Canceled),
        };

        ChargeStanding.Known Known(ChargeState state) =>
            new(state, cob.Txid, [.. received.Select(PixFacts.CaptureOf)], [.. received.SelectMany(PixFacts.RefundsOf)])
            {
                Disputes = [.. received.SelectMany(PixFacts.DisputesOf)],
            };
    }

    private static string Text(string setting, string what, PixReply reply) => $"{PixOptions.Section}:{setting}: {what}: {reply.Problem}";

    private static string TextOfAnswer(PixReply reply) => Text(nameof(PixOptions.ApiBase), $"answered {(int)reply.Status}", reply);
}
