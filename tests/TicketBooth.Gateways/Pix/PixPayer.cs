namespace TicketBooth.Gateways.Pix;

/// <summary>One transfer to the receiver. Without a txid it is a plain one to the key; the txid need not be one of a charge.</summary>
public sealed record PixPayment(string? Txid = null)
{
    /// <summary>In cents. None: what the charge asks for.</summary>
    public long? Cents { get; init; }
    public PixPerson Payer { get; init; } = PixPayer.Somebody;
    public string? Note { get; init; }

    /// <summary>None: the charge's key, or the receiver's first.</summary>
    public string? Key { get; init; }
}

/// <summary>What a bank's app shows before the payer says yes.</summary>
public sealed record PixScan(string Name, string City, PixCharge Charge, bool IsPayable);

/// <summary>The people who pay, and their banks.</summary>
public sealed class PixPayer
{
    public static readonly PixPerson Somebody = new("52998224725", null, "Ana Conceição da Silva");

    private readonly PixStandInOptions options;
    private readonly PixClock clock;
    private readonly PixLedger ledger;
    private readonly PixNotices notices;

    internal PixPayer(PixStandInOptions options, PixClock clock, PixLedger ledger, PixNotices notices) =>
        (this.options, this.clock, this.ledger, this.notices) = (options, clock, ledger, notices);

    /// <summary>Reads a "copia e cola" as a bank's app does: its fields, its checksum, and the charge at its address.</summary>
    /// <exception cref="FormatException">It is no BR Code.</exception>
    public PixScan Scan(string code)
    {
        var read = BrCode.Read(code);
        var charge =
            ledger.Charges().FirstOrDefault(charge => charge.Location == read.Location)
            ?? throw new PixProblemException(PixProblem.NotFound("CobPayloadNaoEncontrado", "Nenhuma cobrança está neste location."));
        return new(read.Name, read.City, charge, charge.Status == CobStatus.Active && clock.GetUtcNow() < charge.ExpiresAt);
    }

    /// <summary>Pays a code as an app does, which refuses a charge that is expired, paid or removed.</summary>
    /// <exception cref="InvalidOperationException">The app refuses.</exception>
    public ReceivedPix PayCode(string code, PixPerson? payer = null)
    {
        var scan = Scan(code);
        return scan.IsPayable
            ? Pay(new PixPayment(scan.Charge.Txid) { Payer = payer ?? Somebody })
            : throw new InvalidOperationException($"The charge {scan.Charge.Txid} is {scan.Charge.Status} or expired; a bank's app does not pay it.");
    }

    /// <summary>Money arrives, whatever the charge's state: paid twice, late, another amount, nobody's.</summary>
    public ReceivedPix Pay(PixPayment payment) => PayTogether(payment)[0];

    /// <summary>Several at once, in one callback for each key.</summary>
    public IReadOnlyList<ReceivedPix> PayTogether(params IReadOnlyList<PixPayment> payments)
    {
        var all = payments.Select(Book).ToList();
        notices.Tell("pix", all);
        return all;
    }

    /// <summary>Tells the webhook again about a Pix that it was told about, as it is now.</summary>
    public void TellAgain(string endToEndId) => notices.Tell("pix", [ledger.FindPix(endToEndId) ?? throw new PixProblemException(PixProblem.NotFound())]);

    private ReceivedPix Book(PixPayment payment)
    {
        if (payment.Txid is not null && !PixIds.AnyTxid().IsMatch(payment.Txid))
        {
            throw new ArgumentException($"'{payment.Txid}' is no txid.", nameof(payment));
        }

        var charge = payment.Txid is null ? null : ledger.FindCharge(payment.Txid);
        var cents = payment.Cents ?? charge?.Terms.Cents ?? throw new ArgumentException("Without a charge a payment needs an amount.", nameof(payment));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cents, nameof(payment));
        var now = clock.GetUtcNow();
        var pix = new ReceivedPix
        {
            EndToEndId = PixIds.NewEndToEnd(now),
            Txid = payment.Txid,
            Cents = cents,
            Key = payment.Key ?? charge?.Terms.Key ?? options.Receiver.Keys[0],
            At = now,
            Note = payment.Note,
            Payer = payment.Payer,
        };
        ledger.Receive(pix);
        return pix;
    }
}
