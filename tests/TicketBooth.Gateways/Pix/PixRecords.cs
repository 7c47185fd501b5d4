namespace TicketBooth.Gateways.Pix;

/// <summary>A debtor or a payer: a person by CPF or a company by CNPJ, never both.</summary>
public sealed record PixPerson(string? Cpf, string? Cnpj, string Name);

/// <summary>What the receiver asks for with a charge.</summary>
public sealed record CobTerms
{
    public required int ExpiresInSeconds { get; init; }
    public required long Cents { get; init; }
    public bool PayerMayChangeAmount { get; init; }
    public required string Key { get; init; }
    public PixPerson? Debtor { get; init; }
    public string? RequestToPayer { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>>? Information { get; init; }

    public bool Equals(CobTerms? other) =>
        other is not null
        && (ExpiresInSeconds, Cents, PayerMayChangeAmount, Key, Debtor, RequestToPayer)
            == (other.ExpiresInSeconds, other.Cents, other.PayerMayChangeAmount, other.Key, other.Debtor, other.RequestToPayer)
        && (Information ?? []).SequenceEqual(other.Information ?? []);

    public override int GetHashCode() => HashCode.Combine(ExpiresInSeconds, Cents, Key, Debtor, RequestToPayer);
}

/// <summary>The states of a charge, with the document's words. An expired charge is still ATIVA.</summary>
public static class CobStatus
{
    public const string Active = "ATIVA";
    public const string Concluded = "CONCLUIDA";
    public const string RemovedByReceiver = "REMOVIDA_PELO_USUARIO_RECEBEDOR";
    public const string RemovedByProvider = "REMOVIDA_PELO_PSP";

    public static readonly IReadOnlyList<string> All = [Active, Concluded, RemovedByReceiver, RemovedByProvider];
}

/// <summary>One revision of an immediate charge (`cob`).</summary>
public sealed record PixCharge
{
    public required string Txid { get; init; }
    public required int Revision { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required long LocationId { get; init; }

    /// <summary>Where a payer's bank finds the charge; without a scheme, as the document has it.</summary>
    public required string Location { get; init; }

    /// <summary>The BR Code, "Pix copia e cola".</summary>
    public required string Code { get; init; }
    public required CobTerms Terms { get; init; }

    public DateTimeOffset ExpiresAt => CreatedAt.AddSeconds(Terms.ExpiresInSeconds);
}

/// <summary>Money that reached the receiver's account.</summary>
public sealed record ReceivedPix
{
    public required string EndToEndId { get; init; }

    /// <summary>The charge that the payer named, none for a transfer to the key, or any text that the payer's bank sent.</summary>
    public string? Txid { get; init; }
    public required long Cents { get; init; }
    public required string Key { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? Note { get; init; }
    public required PixPerson Payer { get; init; }
    public IReadOnlyList<PixReturn> Returns { get; init; } = [];

    /// <summary>What returns may still take: those that were not carried out do not count.</summary>
    public long Returnable => Cents - Returns.Where(r => r.Status != ReturnStatus.NotDone).Sum(r => r.Cents);
}

public static class ReturnStatus
{
    public const string Pending = "EM_PROCESSAMENTO";
    public const string Done = "DEVOLVIDO";
    public const string NotDone = "NAO_REALIZADO";
}

/// <summary>A devolução: money on its way back to the payer, or back already.</summary>
public sealed record PixReturn
{
    public required string Id { get; init; }
    public required string RtrId { get; init; }
    public required long Cents { get; init; }

    /// <summary>`ORIGINAL`, or `MED_FRAUDE` and `MED_OPERACIONAL`, which the receiver did not ask for.</summary>
    public required string Nature { get; init; }
    public string? Description { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
    public required string Status { get; init; }
    public string? Reason { get; init; }
}

/// <summary>The address that is told about Pix to one key.</summary>
public sealed record PixWebhook(string Key, string Url, DateTimeOffset CreatedAt);
