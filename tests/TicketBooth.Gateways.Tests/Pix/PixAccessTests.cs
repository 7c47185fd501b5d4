using System.Net;
using TicketBooth.Gateways.Pix;

namespace TicketBooth.Gateways.Tests.Pix;

public class PixAccessTests : PixStandInFixture
{
    // The Central Bank's own example of a dynamic code.
    private const string Example =
        "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***630464E4";

    [Test]
    public void The_central_banks_example_is_read_and_written_alike()
    {
        var read = BrCode.Read(Example);
        Assert.That((read.Name, read.City, read.Txid, read.Key), Is.EqualTo(("Fulano de Tal", "BRASILIA", "***", (string?)null)));
        Assert.That(BrCodeWriter.Dynamic(read.Location!, read.Name, read.City), Is.EqualTo(Example));
        Assert.That(() => BrCode.Read(Example.Replace("Fulano", "Fulana", StringComparison.Ordinal)), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Without_a_certificate_or_with_a_strangers_or_an_old_one_nobody_gets_in()
    {
        foreach (var certificate in new[] { null, PixCertificates.SelfSigned("casino-tickets"), StandIn.Certificates.IssueClient("casino-tickets", expired: true) })
        {
            using var client = StandIn.CreateClient(certificate);
            Assert.That(async () => await AskForTokenAsync(client: client), Throws.TypeOf<HttpRequestException>());
            Assert.That(async () => await client.GetAsync("cob"), Throws.TypeOf<HttpRequestException>());
        }
    }

    [Test]
    public async Task Another_customers_certificate_gets_no_token_and_cannot_use_ours()
    {
        using var client = StandIn.CreateClient(StandIn.Certificates.IssueClient("somebody-else"));
        using var token = await AskForTokenAsync(client: client);
        client.DefaultRequestHeaders.Authorization = Client.DefaultRequestHeaders.Authorization;
        using var call = await client.GetAsync($"cob/{NewTxid()}");
        Assert.That((token.StatusCode, call.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)));
    }

    [TestCase(null, "wrong", "client_credentials", HttpStatusCode.Unauthorized)]
    [TestCase("cob.read admin", null, "client_credentials", HttpStatusCode.BadRequest)]
    [TestCase(null, null, "password", HttpStatusCode.BadRequest)]
    public async Task A_wrong_request_for_a_token_is_refused(string? scope, string? secret, string grant, HttpStatusCode status)
    {
        using var answer = await AskForTokenAsync(scope, secret, grant);
        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task A_token_expires_and_may_lack_a_scope()
    {
        StandIn.Clock.Advance(StandIn.Options.TokenLifetime);
        Assert.That((await GetAsync($"cob/{NewTxid()}")).Status, Is.EqualTo(401));
        Client.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync("cob.read"));
        IsProblem(await PutAsync($"cob/{NewTxid()}", Body()), 403, "AcessoNegado");
    }

    [Test]
    public async Task Faults_befall_as_many_calls_as_they_should()
    {
        StandIn.Faults.Add(new(PixFaultKind.Answer) { Method = "PUT", Path = "/cob/", Status = 429, RetryAfterSeconds = 7 });
        var txid = NewTxid();
        Assert.That((await PutAsync($"cob/{txid}", Body())).Status, Is.EqualTo(429));
        Assert.That((await PutAsync($"cob/{txid}", Body())).Status, Is.EqualTo(201));
    }

    [TestCase(PixFaultKind.BreakBeforeWork, 0)]
    [TestCase(PixFaultKind.BreakAfterWork, 1)]
    public void A_broken_connection_leaves_the_work_undone_or_done(PixFaultKind kind, int charges)
    {
        var txid = NewTxid();
        StandIn.Faults.Add(new(kind));
        Assert.That(async () => await PutAsync($"cob/{txid}", Body()), Throws.TypeOf<HttpRequestException>());
        Assert.That(StandIn.Charges.Count(charge => charge.Txid == txid), Is.EqualTo(charges));
    }
}
