namespace TicketBooth.Gateways.Pix;

/// <summary>What a body of PUT, POST or PATCH of a charge says, checked as far as the body alone tells.</summary>
internal sealed record CobChange
{
    private const string Path = "cob";

    public int? ExpiresInSeconds { get; init; }
    public long? Cents { get; init; }
    public bool? PayerMayChangeAmount { get; init; }
    public string? Key { get; init; }
    public PixPerson? Debtor { get; init; }
    public string? RequestToPayer { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>>? Information { get; init; }
    public long? LocationId { get; init; }

    /// <summary>Only a PATCH has it.</summary>
    public bool Removes { get; init; }

    /// <summary>Whether the body names anything besides the status.</summary>
    public bool HasTerms { get; init; }

    /// <summary>The terms after this change: of a new charge without former ones.</summary>
    public CobTerms ApplyTo(CobTerms? former) =>
        new()
        {
            ExpiresInSeconds = ExpiresInSeconds ?? former?.ExpiresInSeconds ?? 86400,
            Cents = Cents ?? former!.Cents,
            PayerMayChangeAmount = PayerMayChangeAmount ?? former?.PayerMayChangeAmount ?? false,
            Key = Key ?? former!.Key,
            Debtor = Debtor ?? former?.Debtor,
            RequestToPayer = RequestToPayer ?? former?.RequestToPayer,
            Information = Information ?? former?.Information,
        };

    public static async Task<CobChange> ReadAsync(HttpRequest request, PixReceiver receiver, bool revises, List<PixViolation> violations)
    {
        var body = await PixFields.ReadAsync(request, Path, violations);
        var amount = body.Object("valor", required: !revises);
        if (amount?.Has("retirada") == true)
        {
            throw new PixProblemException(PixProblem.Forbidden("Pix Saque e Pix Troco não fazem parte do contrato."));
        }

        var status = revises ? body.Text("status") : null;
        if (status is not null and not CobStatus.RemovedByReceiver)
        {
            body.Refuse("status");
        }

        var change = new CobChange
        {
            ExpiresInSeconds = Expiry(body.Object("calendario", required: !revises)),
            Debtor = PersonOf(body.Object("devedor")),
            LocationId = LocationOf(body.Object("loc")),
            Cents = amount?.Money("original", required: !revises),
            PayerMayChangeAmount = amount?.Number("modalidadeAlteracao", 0, 1) is { } may ? may == 1 : null,
            Key = KeyOf(body, receiver, required: !revises),
            RequestToPayer = body.Text("solicitacaoPagador", longest: 140),
            Information = InformationOf(body.Objects("infoAdicionais", most: 50)),
            Removes = status is not null,
            HasTerms = new[] { "calendario", "devedor", "loc", "valor", "chave", "solicitacaoPagador", "infoAdicionais" }.Any(body.Has),
        };
        amount?.Close();
        body.Close();
        return change;
    }

    private static int? Expiry(PixFields? calendar)
    {
        var seconds = calendar?.Number("expiracao", int.MinValue, int.MaxValue);
        if (seconds <= 0)
        {
            calendar!.Refuse("expiracao", "O campo cob.calendario.expiracao é igual ou menor que zero.");
        }

        calendar?.Close();
        return (int?)seconds;
    }

    private static PixPerson? PersonOf(PixFields? debtor)
    {
        if (debtor is null)
        {
            return null;
        }

        var name = debtor.Text("nome", required: true, longest: 200);
        var cpf = debtor.Text("cpf", pattern: PixIds.Cpf());
        var cnpj = debtor.Text("cnpj", pattern: PixIds.Cnpj());
        if (debtor.Has("cpf") == debtor.Has("cnpj"))
        {
            debtor.Refuse("cpf", "O objeto cob.devedor deve ter ou cpf ou cnpj, e não ambos.");
        }

        debtor.Close();
        return new(cpf, cnpj, name ?? "");
    }

    private static long? LocationOf(PixFields? location)
    {
        var id = location?.Number("id", 0, long.MaxValue, required: true);
        if (location?.Text("tipoCob") is { } kind && kind != "cob")
        {
            location.Refuse("tipoCob", $"O location referenciado por cob.loc.id apresenta tipo \"{kind}\" (deveria ser \"cob\").");
        }

        location?.Close();
        return id;
    }

    private static string? KeyOf(PixFields body, PixReceiver receiver, bool required)
    {
        var key = body.Text("chave", required, longest: 77, PixIds.Key());
        if (key is not null && !receiver.Keys.Contains(key, StringComparer.Ordinal))
        {
            body.Refuse("chave", "O campo cob.chave corresponde a uma conta que não pertence a este usuário recebedor.");
        }

        return key;
    }

    private static List<KeyValuePair<string, string>>? InformationOf(IReadOnlyList<PixFields>? items) =>
        items
            ?.Select(item =>
            {
                var name = item.Text("nome", required: true, longest: 50);
                var value = item.Text("valor", required: true, longest: 200);
                item.Close();
                return KeyValuePair.Create(name ?? "", value ?? "");
            })
            .ToList();
}
