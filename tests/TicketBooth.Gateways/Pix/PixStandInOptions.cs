using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Pix;

/// <summary>What the stand-in is started with. The defaults are the Central Bank's document to the letter.</summary>
public sealed record PixStandInOptions
{
    /// <summary>Every scope that a receiver of charges needs.</summary>
    public static readonly IReadOnlyList<string> AllScopes =
    [
        "cob.write",
        "cob.read",
        "pix.write",
        "pix.read",
        "webhook.write",
        "webhook.read",
    ];

    public string ClientId { get; init; } = "casino-tickets";

    /// <summary>It has signs that mean something in a URL, in a form and in Basic authentication.</summary>
    public string ClientSecret { get; init; } = "s3cr&t:with+odd=signs%";

    /// <summary>What the contract grants. A token gets no other scope.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = AllScopes;

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public PixReceiver Receiver { get; init; } = new();

    /// <summary>Whether a webhook may be an http address. Real providers take https only.</summary>
    public bool AllowsHttpWebhooks { get; init; }

    /// <summary>Whether callbacks carry the client certificate <see cref="PixCertificates.Caller"/>.</summary>
    public bool CallsBackWithCertificate { get; init; } = true;

    /// <summary>The pauses between the attempts of one callback; after the last one the provider gives it up.</summary>
    public IReadOnlyList<TimeSpan> CallbackRetryDelays { get; init; } = new CallbackSenderOptions().RetryDelays;

    public TimeSpan CallbackTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The document refuses a PUT of an existing charge only when it is no longer active; an active one is revised. Many providers refuse
    /// both, which this chooses.
    /// </summary>
    public bool RefusesExistingTxid { get; init; }

    /// <summary>
    /// The document refuses a devolução whose id was used for the same Pix. Some providers answer 201 with the former devolução when the
    /// body is the same, which this chooses.
    /// </summary>
    public bool RepeatsDevolucao { get; init; }

    /// <summary>The document's Pix names no payer since version 2.0; many providers still add `pagador`. Off leaves it out.</summary>
    public bool NamesPayer { get; init; } = true;

    /// <summary>Where certificates are written. None makes a temporary folder that ends with the stand-in.</summary>
    public string? Folder { get; init; }

    /// <summary>Ports of the three listeners; 0 takes a free one.</summary>
    public int TokenPort { get; init; }

    public int ApiPort { get; init; }

    public int ControlPort { get; init; }
}

/// <summary>Who takes the money: the casino as its provider knows it.</summary>
public sealed record PixReceiver
{
    public string Cnpj { get; init; } = "12345678000195";

    /// <summary>At most 25 letters, as a BR Code shows it.</summary>
    public string Name { get; init; } = "CASINO TICKETS LTDA";

    /// <summary>At most 15 letters.</summary>
    public string City { get; init; } = "SAO PAULO";

    /// <summary>The DICT keys of its account. A charge or a webhook for any other key is refused.</summary>
    public IReadOnlyList<string> Keys { get; init; } = ["7d9f0335-8dcc-4054-9bf9-0dbd61d36906", "bilheteria@casino.example"];
}
