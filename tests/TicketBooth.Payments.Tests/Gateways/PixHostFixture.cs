using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Gateways.Pix;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>The host with Pix on, and its provider, which calls it over HTTP.</summary>
internal abstract class PixHostFixture
{
    protected PixProvider Provider { get; private set; } = null!;

    protected PaymentsHost Payments { get; private set; } = null!;

    protected CapturedLog Log { get; private set; } = null!;

    protected PixStandIn StandIn => Provider.StandIn;

    protected string? RegisteredUrl => StandIn.FindWebhook(Provider.Key)?.Url;

    [SetUp]
    public async Task StartAsync()
    {
        Provider = await PixProvider.StartAsync();
        Log = new CapturedLog();
        Payments = await StartHostAsync();

        // The host has registered its public address; the provider is led to where the host really is.
        await Eventually.Async(() => Task.FromResult(RegisteredUrl), url => url is not null, "the webhook to be registered");
        StandIn.PutWebhook(Provider.Key, new Uri(Payments.Host.Address, Address()));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await Payments.DisposeAsync();
        await Provider.DisposeAsync();
        Log.Dispose();
    }

    protected static string Address(string below = "") => $"/api/v1/webhooks/pix/{PixProvider.Secret}{below}";

    protected static string Body(params string[] endToEndIds) =>
        new JsonObject { ["pix"] = new JsonArray([.. endToEndIds.Select(id => new JsonObject { ["endToEndId"] = id })]) }.ToJsonString();

    protected Task<PaymentsHost> StartHostAsync(params (string Name, string? Value)[] settings) =>
        PaymentsHost.StartAsync(settings: [("Payments:Gateways", "Pix"), .. Provider.Settings(settings)], services: Log.AddTo);

    /// <summary>Begins a payment by Pix: its id, and the code for the buyer.</summary>
    protected async Task<(Guid Id, string Code)> PayAsync(FakeOrder order)
    {
        var (response, body) = await Payments.PayAsync(order, """{"method":"pix"}""");
        using (response)
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(202), body?.ToJsonString());
            return ((Guid)body!["paymentId"]!, (string)body["pix"]!["code"]!);
        }
    }

    /// <summary>Calls the webhook as the provider does; the status.</summary>
    protected async Task<int> TellAsync(string body, string below = "")
    {
        using var answer = await PostAsync(Address(below), body);
        return (int)answer.StatusCode;
    }

    protected async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Payments.Client.PostAsync(path, content);
    }
}
