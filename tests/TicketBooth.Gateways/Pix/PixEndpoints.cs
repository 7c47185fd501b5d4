using System.Globalization;

namespace TicketBooth.Gateways.Pix;

/// <summary>The API's endpoints by the Central Bank's OpenAPI document 2.9.0, as far as a receiver of immediate charges needs them.</summary>
internal sealed class PixEndpoints(PixStandInOptions options, PixLedger ledger, PixJson json, PixTokens tokens, PixBank bank)
{
    public void Map(IEndpointRouteBuilder api)
    {
        Map(api, "PUT", "/cob/{txid}", "cob.write", PutChargeAsync);
        Map(api, "POST", "/cob", "cob.write", PutChargeAsync);
        Map(api, "PATCH", "/cob/{txid}", "cob.write", PatchChargeAsync);
        Map(api, "GET", "/cob/{txid}", "cob.read", GetChargeAsync);
        Map(api, "GET", "/cob", "cob.read", ListChargesAsync);
        Map(api, "GET", "/pix/{e2eid}", "pix.read", GetPixAsync);
        Map(api, "GET", "/pix", "pix.read", ListPixAsync);
        Map(api, "PUT", "/pix/{e2eid}/devolucao/{id}", "pix.write", PutReturnAsync);
        Map(api, "GET", "/pix/{e2eid}/devolucao/{id}", "pix.read", GetReturnAsync);
        Map(api, "PUT", "/webhook/{chave}", "webhook.write", PutWebhookAsync);
        Map(api, "GET", "/webhook/{chave}", "webhook.read", GetWebhookAsync);
        Map(api, "GET", "/webhook", "webhook.read", ListWebhooksAsync);
        Map(api, "DELETE", "/webhook/{chave}", "webhook.write", DeleteWebhookAsync);
    }

    private void Map(IEndpointRouteBuilder api, string method, string path, string scope, Func<HttpContext, Task<IResult>> serve) =>
        api.MapMethods(
            path,
            [method],
            async context =>
            {
                if (tokens.Judge(context, scope) is { } problem)
                {
                    await problem.WriteAsync(context.Response);
                    return;
                }

                await (await serve(context)).ExecuteAsync(context);
            }
        );

    private async Task<IResult> PutChargeAsync(HttpContext context)
    {
        var violations = new List<PixViolation>();
        var txid = HttpMethods.IsPost(context.Request.Method) ? PixIds.NewText(32) : Route(context, "txid");
        if (!PixIds.Txid().IsMatch(txid))
        {
            violations.Add(PixViolation.Schema("cob.txid"));
        }

        var change = await CobChange.ReadAsync(context.Request, options.Receiver, revises: false, violations);
        ThrowIfAny(violations, v => PixProblem.Cob(v));
        return Created(json.Charge(ledger.PutCharge(txid, change)));
    }

    private async Task<IResult> PatchChargeAsync(HttpContext context)
    {
        var violations = new List<PixViolation>();
        var change = await CobChange.ReadAsync(context.Request, options.Receiver, revises: true, violations);
        ThrowIfAny(violations, v => PixProblem.Cob(v));
        return Ok(json.Charge(ledger.PatchCharge(Route(context, "txid", PixIds.Txid()), change)));
    }

    private Task<IResult> GetChargeAsync(HttpContext context)
    {
        var txid = Route(context, "txid", PixIds.Txid());
        var charge = ledger.FindCharge(txid) ?? throw new PixProblemException(PixLedger.NoCharge());
        if (context.Request.Query.TryGetValue("revisao", out var text))
        {
            charge =
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && ledger.FindRevision(txid, revision) is { } found
                    ? found
                    : throw new PixProblemException(
                        PixProblem.CobQuery(new PixViolation("O parâmetro revisao corresponde a uma revisão inexistente para a cobrança.", "revisao"))
                    );
        }

        return Task.FromResult(Ok(json.Charge(charge, PixOf(txid))));
    }

    private Task<IResult> ListChargesAsync(HttpContext context)
    {
        var query = new PixQuery(context.Request.Query, "locationPresente", "status");
        query.ReadPeriod();
        var (cpf, cnpj) = (query.Text("cpf", PixIds.Cpf()), query.Text("cnpj", PixIds.Cnpj()));
        var (located, status) = (query.Flag("locationPresente"), query.Text("status"));
        if (status is not null && !CobStatus.All.Contains(status, StringComparer.Ordinal))
        {
            query.Violations.Add(PixViolation.Schema("status"));
        }

        var found = ledger
            .Charges()
            .Where(charge => charge.CreatedAt >= query.From && charge.CreatedAt <= query.To)
            .Where(charge => (cpf is null || charge.Terms.Debtor?.Cpf == cpf) && (cnpj is null || charge.Terms.Debtor?.Cnpj == cnpj))
            .Where(charge => (status is null || charge.Status == status) && located != false)
            .ToList();
        return Task.FromResult(Ok(query.Page("cobs", found, charge => json.Charge(charge, PixOf(charge.Txid)), v => PixProblem.CobQuery(v))));
    }

    private Task<IResult> GetPixAsync(HttpContext context) =>
        Task.FromResult(
            ledger.FindPix(Route(context, "e2eid", PixIds.EndToEndId())) is { } pix
                ? Ok(json.Pix(pix))
                : throw new PixProblemException(PixProblem.NotFound("PixNaoEncontrado", "Pix não encontrado para o e2eid informado."))
        );

    private Task<IResult> ListPixAsync(HttpContext context)
    {
        var query = new PixQuery(context.Request.Query, "txid", "txIdPresente", "devolucaoPresente");
        query.ReadPeriod();
        var (cpf, cnpj) = (query.Text("cpf", PixIds.Cpf()), query.Text("cnpj", PixIds.Cnpj()));
        var txid = query.Text("txid", PixIds.AnyTxid());
        var (named, returned) = (query.Flag("txIdPresente"), query.Flag("devolucaoPresente"));
        var found = ledger
            .Received()
            .Where(pix => pix.At >= query.From && pix.At <= query.To)
            .Where(pix => (cpf is null || pix.Payer.Cpf == cpf) && (cnpj is null || pix.Payer.Cnpj == cnpj) && (txid is null || pix.Txid == txid))
            .Where(pix => (named is null || named == pix.Txid is not null) && (returned is null || returned == pix.Returns.Count > 0))
            .ToList();
        return Task.FromResult(Ok(query.Page("pix", found, json.Pix, v => PixProblem.PixQuery(v))));
    }

    private async Task<IResult> PutReturnAsync(HttpContext context)
    {
        var (endToEndId, id) = (Route(context, "e2eid", PixIds.EndToEndId()), Route(context, "id", PixIds.ReturnId()));
        var violations = new List<PixViolation>();
        var body = await PixFields.ReadAsync(context.Request, "devolucao", violations);
        var cents = body.Money("valor", required: true);
        if (cents == 0)
        {
            body.Refuse("valor", "O campo devolucao.valor é zero.");
        }

        // RETIRADA is for money that was handed out in cash, which this receiver's contract does not know.
        var nature = body.Text("natureza");
        if (nature is not null and not "ORIGINAL")
        {
            body.Refuse("natureza");
        }

        var description = body.Text("descricao", longest: 140);
        body.Close();
        ThrowIfAny(violations, v => PixProblem.Return(v));
        var (given, isNew) = bank.Request(endToEndId, id, cents!.Value, "ORIGINAL", description);
        if (isNew)
        {
            context.Response.OnCompleted(() =>
            {
                bank.Process(endToEndId, id);
                return Task.CompletedTask;
            });
        }

        return Created(PixJson.Return(given));
    }

    private Task<IResult> GetReturnAsync(HttpContext context)
    {
        var (endToEndId, id) = (Route(context, "e2eid", PixIds.EndToEndId()), Route(context, "id", PixIds.ReturnId()));
        return Task.FromResult(
            ledger.FindPix(endToEndId)?.Returns.FirstOrDefault(given => given.Id == id) is { } found
                ? Ok(PixJson.Return(found))
                : throw new PixProblemException(
                    PixProblem.NotFound("PixDevolucaoNaoEncontrada", "Devolução representada por id não encontrada para o e2eid informado.")
                )
        );
    }

    private async Task<IResult> PutWebhookAsync(HttpContext context)
    {
        var key = Route(context, "chave");
        var violations = new List<PixViolation>();
        if (!PixIds.Key().IsMatch(key) || key.Length > 77)
        {
            violations.Add(new("O parâmetro chave não corresponde a uma chave DICT válida.", "chave"));
        }
        else if (!options.Receiver.Keys.Contains(key, StringComparer.Ordinal))
        {
            violations.Add(new("O parâmetro chave não corresponde a uma chave DICT pertencente a este usuário recebedor.", "chave"));
        }

        var body = await PixFields.ReadAsync(context.Request, "webhook", violations);
        var text = body.Text("webhookUrl", required: true);
        if (text is not null && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && IsAllowed(url)))
        {
            body.Refuse("webhookUrl");
        }

        body.Close();
        ThrowIfAny(violations, v => PixProblem.Webhook(v));
        ledger.PutWebhook(key, text!);
        return Results.Ok();
    }

    private Task<IResult> GetWebhookAsync(HttpContext context) =>
        Task.FromResult(ledger.FindWebhook(Route(context, "chave")) is { } webhook ? Ok(json.Webhook(webhook)) : throw NoWebhook());

    private Task<IResult> ListWebhooksAsync(HttpContext context)
    {
        var query = new PixQuery(context.Request.Query);
        query.ReadPeriod(required: false);
        var found = ledger.Webhooks().Where(webhook => webhook.CreatedAt >= query.From && webhook.CreatedAt <= query.To).ToList();
        return Task.FromResult(Ok(query.Page("webhooks", found, json.Webhook, v => PixProblem.WebhookQuery(v))));
    }

    private Task<IResult> DeleteWebhookAsync(HttpContext context) =>
        Task.FromResult(ledger.DeleteWebhook(Route(context, "chave")) ? Results.NoContent() : throw NoWebhook());

    private bool IsAllowed(Uri url) => url.Scheme == Uri.UriSchemeHttps || (options.AllowsHttpWebhooks && url.Scheme == Uri.UriSchemeHttp);

    private IEnumerable<ReceivedPix> PixOf(string txid) => ledger.Received().Where(pix => pix.Txid == txid);

    private static string Route(HttpContext context, string name, System.Text.RegularExpressions.Regex? pattern = null)
    {
        var value = (string)context.Request.RouteValues[name]!;
        return pattern?.IsMatch(value) != false
            ? value
            : throw new PixProblemException(PixProblem.Invalid($"O parâmetro {name} não respeita o _schema_.") with { Violations = [PixViolation.Schema(name)] });
    }

    private static void ThrowIfAny(List<PixViolation> violations, Func<List<PixViolation>, PixProblem> problem)
    {
        if (violations.Count > 0)
        {
            throw new PixProblemException(problem(violations));
        }
    }

    private static PixProblemException NoWebhook() =>
        new(PixProblem.NotFound("WebhookNaoEncontrado", "O webhook denotado por chave não encontra-se estabelecido."));

    private static IResult Ok(object body) => Results.Json(body, PixJson.Options);

    private static IResult Created(object body) => Results.Json(body, PixJson.Options, statusCode: 201);
}
