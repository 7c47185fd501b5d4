using System.Text.Json.Nodes;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Pix;

namespace TicketBooth.Gateways.Tests.Pix;

public class PixMoneyTests : PixStandInFixture
{
    [TestCase(1)]
    [TestCase(3699)]
    [TestCase(3700)]
    [TestCase(99999)]
    public async Task A_charge_settles_for_any_amount(long cents)
    {
        var txid = await ChargeAsync();
        var pix = StandIn.Payer.Pay(new(txid) { Cents = cents });
        var (_, charge) = await GetAsync($"cob/{txid}");
        Assert.That(charge!["status"]!.GetValue<string>(), Is.EqualTo("CONCLUIDA"));
        Assert.That(charge["pix"]![0]!["endToEndId"]!.GetValue<string>(), Is.EqualTo(pix.EndToEndId).And.Match("^E[0-9]{20}[a-zA-Z0-9]{11}$"));
        Assert.That(charge["pix"]![0]!["pagador"]!["nome"]!.GetValue<string>(), Is.EqualTo(PixPayer.Somebody.Name));
    }

    [Test]
    public async Task A_charge_that_is_paid_twice_has_two_pix()
    {
        var txid = await ChargeAsync();
        StandIn.Payer.PayTogether(new(txid), new(txid));
        var (_, charge) = await GetAsync($"cob/{txid}");
        Assert.That(charge!["pix"]!.AsArray().Select(pix => pix!["endToEndId"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Returns_go_up_to_the_amount_and_one_that_was_not_done_frees_its_share()
    {
        StandIn.Bank.Returns = ReturnMode.Hold;
        var pix = StandIn.Payer.Pay(new(await ChargeAsync()));
        Assert.That((await ReturnAsync(pix, "a", "30.00")).Status, Is.EqualTo(201));
        IsProblem(await ReturnAsync(pix, "b", "7.01"), 400, "PixDevolucaoInvalida");
        Assert.That((await ReturnAsync(pix, "c", "7.00")).Json!["status"]!.GetValue<string>(), Is.EqualTo("EM_PROCESSAMENTO"));
        StandIn.Bank.Refuse(pix.EndToEndId, "a", "Conta encerrada");
        var (_, refused) = await GetAsync($"pix/{pix.EndToEndId}/devolucao/a");
        Assert.That((refused!["status"]!.GetValue<string>(), refused["motivo"]!.GetValue<string>()), Is.EqualTo(("NAO_REALIZADO", "Conta encerrada")));
        Assert.That((await ReturnAsync(pix, "d", "30.00")).Status, Is.EqualTo(201));
        StandIn.Bank.Settle(pix.EndToEndId, "d");
        Assert.That((await GetAsync($"pix/{pix.EndToEndId}/devolucao/d")).Json!["horario"]!["liquidacao"], Is.Not.Null);
    }

    [Test]
    public async Task An_id_of_a_return_is_used_once()
    {
        var pix = StandIn.Payer.Pay(new(await ChargeAsync()));
        await ReturnAsync(pix, "a", "1.00");
        IsProblem(await ReturnAsync(pix, "a", "1.00"), 400, "PixDevolucaoInvalida");
    }

    [Test]
    public async Task After_ninety_days_nothing_is_returned()
    {
        var pix = StandIn.Payer.Pay(new(await ChargeAsync()));
        StandIn.Clock.Advance(TimeSpan.FromDays(90).Add(TimeSpan.FromSeconds(1)));
        Client.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync());
        IsProblem(await ReturnAsync(pix, "a", "1.00"), 400, "PixDevolucaoInvalida");
    }

    [TestCase("{\"valor\":\"0.00\"}")]
    [TestCase("{\"valor\":1}")]
    [TestCase("{}")]
    [TestCase("{\"valor\":\"1.00\",\"natureza\":\"MED_FRAUDE\"}")]
    [TestCase("{\"valor\":\"1.00\",\"motivo\":\"x\"}")]
    public async Task A_return_outside_the_schema_is_refused(string body)
    {
        var pix = StandIn.Payer.Pay(new(await ChargeAsync()));
        IsProblem(await PutAsync($"pix/{pix.EndToEndId}/devolucao/a", JsonNode.Parse(body)!), 400, "PixDevolucaoInvalida");
    }

    [Test]
    public async Task Med_takes_money_back_unasked()
    {
        var pix = StandIn.Payer.Pay(new(await ChargeAsync()));
        StandIn.Bank.ReturnByMed(pix.EndToEndId);
        var (_, json) = await GetAsync($"pix/{pix.EndToEndId}");
        Assert.That(json!["devolucoes"]![0]!["natureza"]!.GetValue<string>(), Is.EqualTo("MED_FRAUDE"));
        Assert.That(json["devolucoes"]![0]!["rtrId"]!.GetValue<string>(), Does.Match("^D[0-9]{20}[a-zA-Z0-9]{11}$"));
    }

    [TestCase("http://casino.example/hook")]
    [TestCase("hook")]
    public async Task A_webhook_is_an_https_address(string url) =>
        IsProblem(await PutAsync($"webhook/{Key}", new JsonObject { ["webhookUrl"] = url }), 400, "WebhookOperacaoInvalida");

    [Test]
    public async Task A_webhook_is_set_shown_and_taken_away()
    {
        Assert.That((await PutAsync($"webhook/{Key}", new JsonObject { ["webhookUrl"] = "https://127.0.0.1:1/hook" })).Status, Is.EqualTo(200));
        Assert.That((await GetAsync($"webhook/{Key}")).Json!["chave"]!.GetValue<string>(), Is.EqualTo(Key));
        Assert.That((await CallAsync(HttpMethod.Delete, $"webhook/{Key}")).Status, Is.EqualTo(204));
        IsProblem(await GetAsync($"webhook/{Key}"), 404, "WebhookNaoEncontrado");
    }

    [Test]
    public async Task A_webhook_is_told_of_money_with_a_txid_only_and_of_ended_returns()
    {
        StandIn.Callbacks.Plan = CallbackPlan.Held;
        await PutAsync($"webhook/{Key}", new JsonObject { ["webhookUrl"] = "https://127.0.0.1:1/hook/" });
        StandIn.Payer.Pay(new() { Cents = 500 });
        var pix = StandIn.Payer.PayTogether(new(await ChargeAsync()), new("unknown"){ Cents = 5 })[0];
        StandIn.Bank.ReturnByMed(pix.EndToEndId, 100);
        var told = StandIn.Callbacks.Deliveries.Where(delivery => delivery.IsHeld).Select(delivery => delivery.Callback).ToList();
        Assert.That(told.Select(callback => callback.Name), Is.EqualTo(["pix", "devolucao"]));
        Assert.That(told[0].Url.AbsolutePath, Is.EqualTo("/hook/pix"));
        Assert.That(JsonNode.Parse(told[0].Body.Span)!["pix"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(JsonNode.Parse(told[1].Body.Span)!["pix"]![0]!["devolucoes"]![0]!["status"]!.GetValue<string>(), Is.EqualTo("DEVOLVIDO"));
    }

    private Task<(int Status, JsonNode? Json)> ReturnAsync(ReceivedPix pix, string id, string amount) =>
        PutAsync($"pix/{pix.EndToEndId}/devolucao/{id}", new JsonObject { ["valor"] = amount });
}
