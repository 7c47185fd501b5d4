using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>What the API's documents say, as facts about payments.</summary>
/// <remarks>
/// A devolução by MED is a dispute that the payer's bank has decided: it asks nobody, and the money is gone. All others are refunds,
/// whoever asked for them.
/// </remarks>
internal static class PixFacts
{
    private static readonly Dictionary<string, string> DisputeReasons = new(StringComparer.Ordinal)
    {
        ["MED_FRAUDE"] = "med-fraud",
        ["MED_OPERACIONAL"] = "med-bank-error",
    };

    /// <summary>False for a document with an amount that is none, here or in a devolução: what it says is not known.</summary>
    public static bool IsReadable(ReceivedPix pix) =>
        PixIds.IsEndToEndId(pix.EndToEndId) && PixIds.CentsOf(pix.Amount) > 0 && pix.Returns?.All(IsReadable) != false;

    public static bool IsReadable(Devolucao given) => PixIds.CentsOf(given.Amount) > 0;

    public static GatewayCapture CaptureOf(ReceivedPix pix) => new(pix.EndToEndId, CentsOf(pix.Amount), PixIds.Currency, pix.At);

    public static IEnumerable<GatewayRefund> RefundsOf(ReceivedPix pix) =>
        (pix.Returns ?? []).Where(given => !given.IsTakenBack).Select(given => RefundOf(pix, given));

    public static IEnumerable<GatewayDispute> DisputesOf(ReceivedPix pix) =>
        (pix.Returns ?? []).Where(given => given.IsTakenBack).Select(given => DisputeOf(pix, given));

    /// <summary>All that there is to tell about received money.</summary>
    public static IEnumerable<GatewayNotice> NoticesOf(ReceivedPix pix) =>
        RefundsOf(pix)
            .Select(refund => (GatewayFact)new GatewayFact.Refund(refund))
            .Concat(DisputesOf(pix).Select(dispute => new GatewayFact.Dispute(dispute)))
            .Prepend(new GatewayFact.Captured(CaptureOf(pix)))
            .Select(fact => new GatewayNotice(PixGateway.GatewayName, ExternalIdOf(pix), PixIds.Read(pix.Txid), fact));

    public static GatewayMovement MovementOf(ReceivedPix pix) =>
        new(MovementKind.Capture, pix.EndToEndId, pix.Txid, PixIds.Read(pix.Txid), CentsOf(pix.Amount), PixIds.Currency, pix.At);

    /// <summary>The money that has gone back.</summary>
    public static IEnumerable<GatewayMovement> ReturnsOf(ReceivedPix pix) =>
        (pix.Returns ?? [])
            .Where(given => given.Status == Devolucao.Done)
            .Select(given => new GatewayMovement(
                MovementKind.Refund,
                IdOf(given),
                pix.Txid,
                PixIds.Read(pix.Txid),
                CentsOf(given.Amount),
                PixIds.Currency,
                TimeOf(pix, given)
            )
            {
                IsTakenBack = given.IsTakenBack,
            });

    /// <summary>The bank's id of a devolução, which is unique; the one in the request is unique among those of one Pix only.</summary>
    public static string IdOf(Devolucao given) => given.ReturnId ?? given.Id;

    public static RefundAnswer AnswerOf(Devolucao given) =>
        given.Status switch
        {
            Devolucao.Done => new RefundAnswer.Settled(IdOf(given)),
            Devolucao.NotDone => new RefundAnswer.Refused(given.Reason ?? given.Status),
            _ => new RefundAnswer.Asked(IdOf(given)),
        };

    /// <summary>Money without a charge has no id but its own.</summary>
    private static string ExternalIdOf(ReceivedPix pix) => string.IsNullOrEmpty(pix.Txid) ? pix.EndToEndId : pix.Txid;

    private static GatewayRefund RefundOf(ReceivedPix pix, Devolucao given) =>
        new(
            IdOf(given),
            PixIds.Read(given.Id),
            pix.EndToEndId,
            CentsOf(given.Amount),
            PixIds.Currency,
            given.Status switch
            {
                Devolucao.Done => GatewayRefundState.Settled,
                Devolucao.NotDone => GatewayRefundState.Refused,
                _ => GatewayRefundState.Asked,
            },
            given.Reason,
            TimeOf(pix, given)
        );

    private static GatewayDispute DisputeOf(ReceivedPix pix, Devolucao given) =>
        new(
            IdOf(given),
            pix.EndToEndId,
            CentsOf(given.Amount),
            PixIds.Currency,
            given.Status switch
            {
                Devolucao.Done => DisputeState.Lost,
                Devolucao.NotDone => DisputeState.Won,
                _ => DisputeState.Opened,
            },
            DisputeReasons.GetValueOrDefault(given.Nature!, "med"),
            TimeOf(pix, given)
        );

    private static DateTimeOffset TimeOf(ReceivedPix pix, Devolucao given) => given.Times?.SettledAt ?? given.Times?.AskedAt ?? pix.At;

    private static long CentsOf(string amount) =>
        PixIds.CentsOf(amount) ?? throw new InvalidOperationException("A document with an amount that is none was let through.");
}
