namespace TicketBooth.Gateways.Pix;

/// <summary>What becomes of a devolução that the receiver asks for.</summary>
public enum ReturnMode
{
    /// <summary>It is settled right after the answer, which still says EM_PROCESSAMENTO.</summary>
    Settle,

    /// <summary>It stays EM_PROCESSAMENTO until the test settles or refuses it.</summary>
    Hold,

    /// <summary>It is taken, and then not carried out.</summary>
    Refuse,

    /// <summary>The request itself is refused with 400.</summary>
    RefuseAtOnce,
}

/// <summary>The provider's own doing: returns, their outcome, MED, removing a charge.</summary>
public sealed class PixBank
{
    public const int ReturnDays = 90;

    private readonly PixStandInOptions options;
    private readonly PixClock clock;
    private readonly PixLedger ledger;
    private readonly PixNotices notices;

    internal PixBank(PixStandInOptions options, PixClock clock, PixLedger ledger, PixNotices notices) =>
        (this.options, this.clock, this.ledger, this.notices) = (options, clock, ledger, notices);

    public ReturnMode Returns { get; set; }

    /// <summary>The `motivo` of a return that is not carried out.</summary>
    public string RefusalReason { get; set; } = "Saldo insuficiente na conta do recebedor";

    /// <summary>A pending return reached the payer; the receiver is told.</summary>
    public PixReturn Settle(string endToEndId, string id) => End(endToEndId, id, ReturnStatus.Done, null);

    /// <summary>A pending return is not carried out; the receiver is told.</summary>
    public PixReturn Refuse(string endToEndId, string id, string? reason = null) =>
        End(endToEndId, id, ReturnStatus.NotDone, reason ?? RefusalReason);

    /// <summary>
    /// The payer's bank takes money back by the special mechanism (MED), which the receiver did not ask for. Without an amount: all that is left.
    /// </summary>
    public PixReturn ReturnByMed(string endToEndId, long? cents = null, bool fraud = true)
    {
        var given = New($"MED{PixIds.NewText(20)}", 0, fraud ? "MED_FRAUDE" : "MED_OPERACIONAL", null);
        var pix = ledger.Change(
            endToEndId,
            current =>
            {
                var amount = cents ?? current.Returnable;
                if (amount <= 0 || amount > current.Returnable)
                {
                    throw new PixProblemException(PixProblem.Return(Violation("A devolução excederia o valor do pix originário.", "valor")));
                }

                given = given with { Cents = amount, Status = ReturnStatus.Done, SettledAt = clock.GetUtcNow() };
                return current with { Returns = [.. current.Returns, given] };
            }
        );
        notices.Tell("devolucao", [pix]);
        return given;
    }

    /// <summary>The provider takes an active charge away: REMOVIDA_PELO_PSP.</summary>
    public PixCharge RemoveCharge(string txid) => ledger.RemoveByProvider(txid);

    /// <summary>The receiver's request. An id that was used is refused, unless the options say that the same request may be repeated.</summary>
    internal (PixReturn Return, bool IsNew) Request(string endToEndId, string id, long cents, string nature, string? description)
    {
        if (Returns == ReturnMode.RefuseAtOnce)
        {
            throw new PixProblemException(PixProblem.Return(Violation(RefusalReason, "valor")));
        }

        (PixReturn Return, bool IsNew) outcome = (New(id, cents, nature, description), true);
        ledger.Change(
            endToEndId,
            pix =>
            {
                if (pix.Returns.FirstOrDefault(given => given.Id == id) is { } former)
                {
                    if (options.RepeatsDevolucao && (former.Cents, former.Nature, former.Description) == (cents, nature, description))
                    {
                        outcome = (former, false);
                        return pix;
                    }

                    throw new PixProblemException(PixProblem.Return(Violation("O id já foi utilizado por outra requisição de devolução.", "id")));
                }

                if (clock.GetUtcNow() > pix.At.AddDays(ReturnDays))
                {
                    throw new PixProblemException(PixProblem.Return(Violation("A devolução viola a janela de 90 dias.", "horario")));
                }

                return cents > pix.Returnable
                    ? throw new PixProblemException(PixProblem.Return(Violation("A devolução excederia o valor do pix originário.", "valor")))
                    : pix with { Returns = [.. pix.Returns, outcome.Return] };
            }
        );
        return outcome;
    }

    /// <summary>After the answer to a request went out, or was lost.</summary>
    internal void Process(string endToEndId, string id)
    {
        if (Returns == ReturnMode.Settle)
        {
            Settle(endToEndId, id);
        }
        else if (Returns == ReturnMode.Refuse)
        {
            Refuse(endToEndId, id);
        }
    }

    private PixReturn End(string endToEndId, string id, string status, string? reason)
    {
        PixReturn? ended = null;
        var pix = ledger.Change(
            endToEndId,
            current =>
            {
                var pending = current.Returns.SingleOrDefault(given => given.Id == id && given.Status == ReturnStatus.Pending);
                ended = pending is null
                    ? throw new PixProblemException(PixProblem.NotFound("PixDevolucaoNaoEncontrada", "Nenhuma devolução em processamento tem este id."))
                    : pending with { Status = status, Reason = reason, SettledAt = status == ReturnStatus.Done ? clock.GetUtcNow() : null };
                return current with { Returns = [.. current.Returns.Select(given => given == pending ? ended : given)] };
            }
        );
        notices.Tell("devolucao", [pix]);
        return ended!;
    }

    private PixReturn New(string id, long cents, string nature, string? description)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = id,
            RtrId = PixIds.NewReturn(now),
            Cents = cents,
            Nature = nature,
            Description = description,
            RequestedAt = now,
            Status = ReturnStatus.Pending,
        };
    }

    private static PixViolation Violation(string why, string field) => new(why, "devolucao." + field);
}
