using System.Text.Json.Serialization;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>
/// The documents of the Central Bank's API (bacen/pix-api), as far as we read them. Who paid (<c>pagador</c>, <c>infoPagador</c>: name, CPF
/// or CNPJ, free text) has no place here on purpose: what is not read is neither stored nor logged.
/// </summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(CobRequest))]
[JsonSerializable(typeof(CobRemoval))]
[JsonSerializable(typeof(Cob))]
[JsonSerializable(typeof(ReceivedPix))]
[JsonSerializable(typeof(PixPage))]
[JsonSerializable(typeof(Devolucao))]
[JsonSerializable(typeof(DevolucaoRequest))]
[JsonSerializable(typeof(WebhookAddress))]
[JsonSerializable(typeof(AccessToken))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class PixDocuments : JsonSerializerContext;

internal sealed record Calendar(
    [property: JsonPropertyName("criacao")] DateTimeOffset? CreatedAt = null,
    [property: JsonPropertyName("expiracao")] long? Seconds = null
);

internal sealed record CobAmount([property: JsonPropertyName("original")] string Original);

/// <summary>What a charge is made of. Of a change: what changes.</summary>
internal sealed record CobRequest(
    [property: JsonPropertyName("calendario")] Calendar Calendar,
    [property: JsonPropertyName("valor")] CobAmount? Amount = null,
    [property: JsonPropertyName("chave")] string? Key = null,
    [property: JsonPropertyName("solicitacaoPagador")] string? RequestToPayer = null
);

internal sealed record CobRemoval([property: JsonPropertyName("status")] string Status);

/// <summary>An immediate charge, <c>cob</c>.</summary>
internal sealed record Cob(
    [property: JsonPropertyName("txid")] string Txid,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("calendario")] Calendar? Calendar = null,
    [property: JsonPropertyName("revisao")] int? Revision = null,
    [property: JsonPropertyName("pixCopiaECola")] string? Code = null,
    [property: JsonPropertyName("pix")] IReadOnlyList<ReceivedPix>? Received = null
)
{
    public const string Active = "ATIVA";
    public const string Concluded = "CONCLUIDA";
    public const string RemovedByUs = "REMOVIDA_PELO_USUARIO_RECEBEDOR";

    public bool IsRemoved => Status is RemovedByUs or "REMOVIDA_PELO_PSP";
}

/// <summary>Money that came.</summary>
internal sealed record ReceivedPix(
    [property: JsonPropertyName("endToEndId")] string EndToEndId,
    [property: JsonPropertyName("valor")] string Amount,
    [property: JsonPropertyName("horario")] DateTimeOffset At,
    [property: JsonPropertyName("txid")] string? Txid = null,
    [property: JsonPropertyName("chave")] string? Key = null,
    [property: JsonPropertyName("devolucoes")] IReadOnlyList<Devolucao>? Returns = null
);

internal sealed record DevolucaoTimes(
    [property: JsonPropertyName("solicitacao")] DateTimeOffset? AskedAt = null,
    [property: JsonPropertyName("liquidacao")] DateTimeOffset? SettledAt = null
);

/// <summary>Money that goes back.</summary>
internal sealed record Devolucao(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("valor")] string Amount,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("rtrId")] string? ReturnId = null,
    [property: JsonPropertyName("natureza")] string? Nature = null,
    [property: JsonPropertyName("horario")] DevolucaoTimes? Times = null,
    [property: JsonPropertyName("motivo")] string? Reason = null
)
{
    public const string Done = "DEVOLVIDO";
    public const string NotDone = "NAO_REALIZADO";

    /// <summary>The payer's bank took it back by the special mechanism, MED; nobody asked us.</summary>
    public bool IsTakenBack => Nature?.StartsWith("MED", StringComparison.Ordinal) == true;
}

internal sealed record DevolucaoRequest([property: JsonPropertyName("valor")] string Amount);

internal sealed record PixPage(
    [property: JsonPropertyName("parametros")] PageParameters? Parameters = null,
    [property: JsonPropertyName("pix")] IReadOnlyList<ReceivedPix>? Items = null
);

internal sealed record PageParameters([property: JsonPropertyName("paginacao")] Pagination? Pagination);

internal sealed record Pagination([property: JsonPropertyName("quantidadeDePaginas")] int Pages);

internal sealed record WebhookAddress([property: JsonPropertyName("webhookUrl")] string Url);

/// <param name="Seconds">Until it expires.</param>
/// <param name="Error">Instead of a token: RFC 6749's word.</param>
internal sealed record AccessToken(
    [property: JsonPropertyName("access_token")] string? Text = null,
    [property: JsonPropertyName("expires_in")] long? Seconds = null,
    [property: JsonPropertyName("error")] string? Error = null
);

/// <summary>Why the provider refuses something.</summary>
internal sealed record Problem(
    [property: JsonPropertyName("type")] string? Type = null,
    [property: JsonPropertyName("detail")] string? Detail = null,
    [property: JsonPropertyName("violacoes")] IReadOnlyList<Violation>? Violations = null
)
{
    public override string ToString() =>
        Violations is [var first, ..] ? $"{first.Reason} ({first.Property})" : Detail ?? Type ?? "no reason was given";
}

internal sealed record Violation(
    [property: JsonPropertyName("razao")] string? Reason = null,
    [property: JsonPropertyName("propriedade")] string? Property = null
);
