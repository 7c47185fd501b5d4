using System.Globalization;
using System.Text.Json.Nodes;
using TicketBooth.Gateways.Pix;

namespace TicketBooth.Gateways.Tests.Pix;

public class PixChargeTests : PixStandInFixture
{
    private static readonly (string Name, Action<JsonObject> Break)[] Breaks =
    [
        ("an amount with a comma", body => body["valor"]!["original"] = "37,00"),
        ("an amount of one decimal", body => body["valor"]!["original"] = "37.0"),
        ("an amount as a number", body => body["valor"]!["original"] = 37.00),
        ("an amount of eleven digits", body => body["valor"]!["original"] = "12345678901.00"),
        ("nothing to pay", body => body["valor"]!["original"] = "0.00"),
        ("no amount", body => body.Remove("valor")),
        ("no calendar", body => body.Remove("calendario")),
        ("an expiry of zero", body => body["calendario"]!["expiracao"] = 0),
        ("an expiry as text", body => body["calendario"]!["expiracao"] = "3600"),
        ("no key", body => body.Remove("chave")),
        ("somebody else's key", body => body["chave"] = "00000000-0000-4000-8000-000000000000"),
        ("an unknown field", body => body["surpresa"] = 1),
        ("an unknown field inside", body => body["valor"]!["moeda"] = "BRL"),
        ("a request of 141 letters", body => body["solicitacaoPagador"] = new string('a', 141)),
        ("a debtor without a name", body => body["devedor"] = new JsonObject { ["cpf"] = "52998224725" }),
        ("a debtor without a number", body => body["devedor"] = new JsonObject { ["nome"] = "Ana" }),
        ("a debtor with both numbers", body => body["devedor"] = new JsonObject { ["cpf"] = "52998224725", ["cnpj"] = "12345678000195", ["nome"] = "Ana" }),
        ("a cpf with dots", body => body["devedor"] = new JsonObject { ["cpf"] = "529.982.247-25", ["nome"] = "Ana" }),
        ("information without a value", body => body["infoAdicionais"] = new JsonArray(new JsonObject { ["nome"] = "Pedido" })),
        ("a location that is not there", body => body["loc"] = new JsonObject { ["id"] = 99 }),
        ("a status", body => body["status"] = "ATIVA"),
    ];

    [Test]
    public async Task A_charge_has_what_the_document_promises_and_a_code_that_a_bank_reads()
    {
        var txid = NewTxid();
        var (status, charge) = await PutAsync($"cob/{txid}", Body());
        Assert.That(status, Is.EqualTo(201));
        var scan = StandIn.Payer.Scan(charge!["pixCopiaECola"]!.GetValue<string>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(charge["status"]!.GetValue<string>(), Is.EqualTo("ATIVA"));
            Assert.That(charge["revisao"]!.GetValue<int>(), Is.Zero);
            Assert.That(charge["loc"]!["location"]!.GetValue<string>(), Is.EqualTo(charge["location"]!.GetValue<string>()).And.Not.StartsWith("http"));
            Assert.That((scan.Charge.Txid, scan.Charge.Terms.Cents, scan.IsPayable), Is.EqualTo((txid, 3700, true)));
        }
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task A_body_outside_the_schema_is_refused((string Name, Action<JsonObject> Break) wrong)
    {
        var body = Body();
        wrong.Break(body);
        var answer = await PutAsync($"cob/{NewTxid()}", body);
        IsProblem(answer, 400, "CobOperacaoInvalida");
        Assert.That(answer.Json!["violacoes"]!.AsArray(), Has.Count.EqualTo(1), wrong.Name);
    }

    [TestCase("short")]
    [TestCase("0123456789012345678901234567890123456")]
    [TestCase("0123456789-0123456789-0123456789")]
    public async Task A_txid_outside_its_pattern_is_refused(string txid) => IsProblem(await PutAsync($"cob/{txid}", Body()), 400, "CobOperacaoInvalida");

    [Test]
    public async Task A_second_put_of_an_active_charge_revises_it_only_if_something_differs()
    {
        var txid = await ChargeAsync();
        var (_, same) = await PutAsync($"cob/{txid}", Body());
        var (_, other) = await PutAsync($"cob/{txid}", Body("38.00"));
        Assert.That((same!["revisao"]!.GetValue<int>(), other!["revisao"]!.GetValue<int>()), Is.EqualTo((0, 1)));
        var (_, first) = await GetAsync($"cob/{txid}?revisao=0");
        Assert.That(first!["valor"]!["original"]!.GetValue<string>(), Is.EqualTo("37.00"));
        IsProblem(await GetAsync($"cob/{txid}?revisao=7"), 400, "CobConsultaInvalida");
    }

    [Test]
    public async Task A_put_of_a_paid_charge_is_refused()
    {
        var txid = await ChargeAsync();
        StandIn.Payer.Pay(new(txid));
        IsProblem(await PutAsync($"cob/{txid}", Body()), 400, "CobOperacaoInvalida");
    }

    [Test]
    public async Task A_removed_charge_stays_removed()
    {
        var txid = await ChargeAsync();
        var removal = new JsonObject { ["status"] = "REMOVIDA_PELO_USUARIO_RECEBEDOR" };
        var (status, removed) = await CallAsync(HttpMethod.Patch, $"cob/{txid}", removal);
        Assert.That((status, removed!["status"]!.GetValue<string>()), Is.EqualTo((200, "REMOVIDA_PELO_USUARIO_RECEBEDOR")));
        IsProblem(await CallAsync(HttpMethod.Patch, $"cob/{txid}", removal.DeepClone()), 400, "CobOperacaoInvalida");
        Assert.That(() => StandIn.Payer.PayCode(removed["pixCopiaECola"]!.GetValue<string>()), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Removing_and_changing_at_once_is_refused()
    {
        var body = Body();
        body["status"] = "REMOVIDA_PELO_USUARIO_RECEBEDOR";
        IsProblem(await CallAsync(HttpMethod.Patch, $"cob/{await ChargeAsync()}", body), 400, "CobOperacaoInvalida");
    }

    [Test]
    public async Task An_expired_charge_is_still_active_but_no_app_pays_it_and_late_money_concludes_it()
    {
        var txid = await ChargeAsync();
        StandIn.Clock.Advance(TimeSpan.FromHours(2));
        var charge = StandIn.FindCharge(txid)!;
        Assert.That(charge.Status, Is.EqualTo(CobStatus.Active));
        Assert.That(() => StandIn.Payer.PayCode(charge.Code), Throws.InvalidOperationException);
        StandIn.Payer.Pay(new(txid));
        Assert.That(StandIn.FindCharge(txid)!.Status, Is.EqualTo(CobStatus.Concluded));
    }

    [Test]
    public async Task An_unknown_charge_is_not_found() => IsProblem(await GetAsync($"cob/{NewTxid()}"), 404, "CobNaoEncontrado");

    [TestCase("cob?inicio=2020-01-01T00:00:00Z", "CobConsultaInvalida")]
    [TestCase("cob?inicio=2020-01-02T00:00:00Z&fim=2020-01-01T00:00:00Z", "CobConsultaInvalida")]
    [TestCase("cob?inicio=2020-01-01&fim=2020-01-02", "CobConsultaInvalida")]
    [TestCase("cob?inicio=2020-01-01T00:00:00Z&fim=2020-01-02T00:00:00Z&paginacao.paginaAtual=-1", "CobConsultaInvalida")]
    [TestCase("pix?inicio=2020-01-01T00:00:00Z&fim=2020-01-02T00:00:00Z&paginacao.itensPorPagina=1001", "PixConsultaInvalida")]
    [TestCase("pix?inicio=2020-01-01T00:00:00Z&fim=2020-01-02T00:00:00Z&cpf=52998224725&cnpj=12345678000195", "PixConsultaInvalida")]
    [TestCase("pix?inicio=2020-01-01T00:00:00Z&fim=2020-01-02T00:00:00Z&pagina=1", "PixConsultaInvalida")]
    public async Task A_query_outside_the_schema_is_refused(string path, string type) => IsProblem(await GetAsync(path), 400, type);

    [Test]
    public async Task A_list_comes_in_pages()
    {
        StandIn.Clock.Advance(TimeSpan.FromSeconds(1));
        var from = StandIn.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        for (var i = 0; i < 3; i++)
        {
            StandIn.Payer.Pay(new() { Cents = 100 + i });
        }

        var (status, page) = await GetAsync($"pix?inicio={from}&fim=2099-01-01T00:00:00Z&paginacao.paginaAtual=1&paginacao.itensPorPagina=2");
        Assert.That(status, Is.EqualTo(200));
        Assert.That(page!["pix"]!.AsArray().Select(pix => pix!["valor"]!.GetValue<string>()), Is.EqualTo(["1.02"]));
        Assert.That(page["parametros"]!["paginacao"]!["quantidadeDePaginas"]!.GetValue<int>(), Is.EqualTo(2));
    }
}
