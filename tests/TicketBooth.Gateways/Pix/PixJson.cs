using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TicketBooth.Gateways.Pix;

/// <summary>The API's answers and callbacks as JSON: fields that a thing does not have are left out.</summary>
internal sealed class PixJson(PixStandInOptions options)
{
    /// <summary>Names with accents stand as they are, so that a test that searches a log for one finds it.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public JsonObject Charge(PixCharge charge, IEnumerable<ReceivedPix>? received = null)
    {
        var terms = charge.Terms;
        var json = new JsonObject
        {
            ["calendario"] = new JsonObject { ["criacao"] = Time(charge.CreatedAt), ["expiracao"] = terms.ExpiresInSeconds },
            ["txid"] = charge.Txid,
            ["revisao"] = charge.Revision,
            ["loc"] = new JsonObject
            {
                ["id"] = charge.LocationId,
                ["location"] = charge.Location,
                ["tipoCob"] = "cob",
                ["criacao"] = Time(charge.CreatedAt),
            },
            ["location"] = charge.Location,
            ["status"] = charge.Status,
            ["valor"] = new JsonObject
            {
                ["original"] = PixMoney.Write(terms.Cents),
                ["modalidadeAlteracao"] = terms.PayerMayChangeAmount ? 1 : 0,
            },
            ["chave"] = terms.Key,
            ["pixCopiaECola"] = charge.Code,
        };
        Add(json, "devedor", terms.Debtor is null ? null : Person(terms.Debtor));
        Add(json, "solicitacaoPagador", terms.RequestToPayer);
        if (terms.Information is { } information)
        {
            json["infoAdicionais"] = Array(information.Select(item => new JsonObject { ["nome"] = item.Key, ["valor"] = item.Value }));
        }

        if (received?.ToList() is { Count: > 0 } all)
        {
            json["pix"] = Array(all.Select(Pix));
        }

        return json;
    }

    public JsonObject Pix(ReceivedPix pix)
    {
        var json = new JsonObject { ["endToEndId"] = pix.EndToEndId };
        Add(json, "txid", pix.Txid);
        json["valor"] = PixMoney.Write(pix.Cents);
        json["componentesValor"] = new JsonObject { ["original"] = new JsonObject { ["valor"] = PixMoney.Write(pix.Cents) } };
        json["chave"] = pix.Key;
        json["horario"] = Time(pix.At);
        Add(json, "infoPagador", pix.Note);
        Add(json, "pagador", options.NamesPayer ? Person(pix.Payer) : null);
        if (pix.Returns.Count > 0)
        {
            json["devolucoes"] = Array(pix.Returns.Select(Return));
        }

        return json;
    }

    public static JsonObject Return(PixReturn given)
    {
        var times = new JsonObject { ["solicitacao"] = Time(given.RequestedAt) };
        Add(times, "liquidacao", given.SettledAt is { } settled ? Time(settled) : null);
        var json = new JsonObject
        {
            ["id"] = given.Id,
            ["rtrId"] = given.RtrId,
            ["valor"] = PixMoney.Write(given.Cents),
            ["natureza"] = given.Nature,
            ["horario"] = times,
            ["status"] = given.Status,
        };
        Add(json, "descricao", given.Description);
        Add(json, "motivo", given.Reason);
        return json;
    }

    public JsonObject Webhook(PixWebhook webhook) =>
        new()
        {
            ["webhookUrl"] = webhook.Url,
            ["chave"] = webhook.Key,
            ["cnpj"] = options.Receiver.Cnpj,
            ["criacao"] = Time(webhook.CreatedAt),
        };

    public static JsonArray Array(IEnumerable<JsonObject> items) => [.. items];

    private static JsonObject Person(PixPerson person)
    {
        var json = new JsonObject();
        Add(json, "cpf", person.Cpf);
        Add(json, "cnpj", person.Cnpj);
        json["nome"] = person.Name;
        return json;
    }

    private static void Add(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
