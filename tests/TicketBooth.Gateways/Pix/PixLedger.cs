namespace TicketBooth.Gateways.Pix;

/// <summary>What the provider knows: charges with all their revisions, received Pix with their returns, webhooks. In memory, behind one lock.</summary>
internal sealed class PixLedger(PixStandInOptions options, PixClock clock)
{
    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, List<PixCharge>> charges = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, ReceivedPix> received = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PixWebhook> webhooks = new(StringComparer.Ordinal);
    private long locations;

    public IReadOnlyList<PixCharge> Charges()
    {
        lock (gate)
        {
            return [.. charges.Values.Select(revisions => revisions[^1])];
        }
    }

    public IReadOnlyList<ReceivedPix> Received()
    {
        lock (gate)
        {
            return [.. received.Values];
        }
    }

    public PixCharge? FindCharge(string txid)
    {
        lock (gate)
        {
            return charges.TryGetValue(txid, out var revisions) ? revisions[^1] : null;
        }
    }

    public PixCharge? FindRevision(string txid, int revision)
    {
        lock (gate)
        {
            return charges.TryGetValue(txid, out var revisions) ? revisions.Find(charge => charge.Revision == revision) : null;
        }
    }

    public ReceivedPix? FindPix(string endToEndId)
    {
        lock (gate)
        {
            return received.GetValueOrDefault(endToEndId);
        }
    }

    /// <summary>
    /// Creates a charge. One that exists and is active is revised, as by PATCH, and stays the same if nothing differs; any other is an error.
    /// </summary>
    public PixCharge PutCharge(string txid, CobChange change)
    {
        lock (gate)
        {
            var terms = Checked(change.ApplyTo(null));
            CheckLocation(txid, change.LocationId);
            if (charges.TryGetValue(txid, out var revisions))
            {
                var current = revisions[^1];
                if (options.RefusesExistingTxid || current.Status != CobStatus.Active)
                {
                    var why = options.RefusesExistingTxid
                        ? "O txid já foi utilizado por outra cobrança."
                        : "A cobrança já existe, não está no status ATIVA, e a presente requisição busca alterá-la.";
                    throw new PixProblemException(PixProblem.Cob(new PixViolation(why, "cob.txid")));
                }

                return terms == current.Terms ? current : Revise(revisions, current with { Terms = terms });
            }

            var token = PixIds.NewText(32).ToLowerInvariant();
            var location = $"pix.example.com/qr/v2/{token}";
            var created = new PixCharge
            {
                Txid = txid,
                Revision = 0,
                Status = CobStatus.Active,
                CreatedAt = clock.GetUtcNow(),
                LocationId = ++locations,
                Location = location,
                Code = BrCodeWriter.Dynamic(location, options.Receiver.Name, options.Receiver.City),
                Terms = terms,
            };
            charges.Add(txid, [created]);
            return created;
        }
    }

    public PixCharge PatchCharge(string txid, CobChange change)
    {
        lock (gate)
        {
            var revisions = charges.GetValueOrDefault(txid) ?? throw new PixProblemException(NoCharge());
            var current = revisions[^1];
            if (current.Status != CobStatus.Active)
            {
                throw Refused("A cobrança não está ATIVA, e a presente requisição busca alterá-la.", "cob.status");
            }

            if (change is { Removes: true, HasTerms: true })
            {
                throw Refused("A requisição propõe alterar o status para REMOVIDA_PELO_USUARIO_RECEBEDOR com outras alterações.", "cob.status");
            }

            CheckLocation(txid, change.LocationId);
            var next = current with
            {
                Terms = Checked(change.ApplyTo(current.Terms)),
                Status = change.Removes ? CobStatus.RemovedByReceiver : current.Status,
            };
            return next == current ? current : Revise(revisions, next);
        }
    }

    public PixCharge RemoveByProvider(string txid)
    {
        lock (gate)
        {
            var revisions = charges.GetValueOrDefault(txid) ?? throw new PixProblemException(NoCharge());
            return revisions[^1].Status == CobStatus.Active
                ? Revise(revisions, revisions[^1] with { Status = CobStatus.RemovedByProvider })
                : throw Refused("A cobrança não está ATIVA.", "cob.status");
        }
    }

    /// <summary>Books money. An active charge that it names is concluded, whatever the amount; being paid is no revision of its terms.</summary>
    public void Receive(ReceivedPix pix)
    {
        lock (gate)
        {
            received.Add(pix.EndToEndId, pix);
            if (pix.Txid is not null && charges.TryGetValue(pix.Txid, out var revisions) && revisions[^1].Status == CobStatus.Active)
            {
                revisions[^1] = revisions[^1] with { Status = CobStatus.Concluded };
            }
        }
    }

    /// <summary>Changes a received Pix by a rule that sees its present state; the rule may refuse by an exception.</summary>
    public ReceivedPix Change(string endToEndId, Func<ReceivedPix, ReceivedPix> rule)
    {
        lock (gate)
        {
            var current = received.GetValueOrDefault(endToEndId) ?? throw new PixProblemException(PixProblem.NotFound());
            return received[endToEndId] = rule(current);
        }
    }

    public PixWebhook PutWebhook(string key, string url)
    {
        lock (gate)
        {
            return webhooks[key] = new(key, url, clock.GetUtcNow());
        }
    }

    public PixWebhook? FindWebhook(string key)
    {
        lock (gate)
        {
            return webhooks.GetValueOrDefault(key);
        }
    }

    public bool DeleteWebhook(string key)
    {
        lock (gate)
        {
            return webhooks.Remove(key);
        }
    }

    public IReadOnlyList<PixWebhook> Webhooks()
    {
        lock (gate)
        {
            return [.. webhooks.Values.OrderBy(webhook => webhook.CreatedAt)];
        }
    }

    public static PixProblem NoCharge() => PixProblem.NotFound("CobNaoEncontrado", "Cobrança não encontrada para o txid informado.");

    private static PixCharge Revise(List<PixCharge> revisions, PixCharge next)
    {
        revisions.Add(next with { Revision = next.Revision + 1 });
        return revisions[^1];
    }

    private static CobTerms Checked(CobTerms terms) =>
        terms is { Cents: 0, PayerMayChangeAmount: false } ? throw Refused("O campo cob.valor.original é zero.", "cob.valor.original") : terms;

    private void CheckLocation(string txid, long? id)
    {
        var owner = id is null ? null : charges.Values.Select(revisions => revisions[^1]).FirstOrDefault(charge => charge.LocationId == id);
        if (id is not null && owner?.Txid != txid)
        {
            var why = owner is null ? "inexiste" : "já está sendo utilizado por outra cobrança";
            throw Refused($"O location referenciado por loc.id {why}.", "cob.loc.id");
        }
    }

    private static PixProblemException Refused(string why, string property) => new(PixProblem.Cob(new PixViolation(why, property)));
}
