using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Gateways.Pix;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Pix;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>The stand-in of a Pix provider, and our gateway as its customer.</summary>
internal sealed class PixProvider : IAsyncDisposable
{
    public const string Secret = "s3cret-of-the-address-0123456789abcdef";
    public const string WebhookUrl = "https://tickets.example/api/v1/webhooks/pix";

    private readonly List<ServiceProvider> customers = [];

    private PixProvider(PixStandIn standIn) => StandIn = standIn;

    public PixStandIn StandIn { get; }

    public string Key => StandIn.Options.Receiver.Keys[0];

    public static async Task<PixProvider> StartAsync(PixStandInOptions? options = null) =>
        new(await PixStandIn.StartAsync(options ?? new PixStandInOptions { AllowsHttpWebhooks = true }));

    /// <summary>What a host is started with; what is given replaces what would be right.</summary>
    public IEnumerable<(string Key, string Value)> Settings(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ApiBase"] = StandIn.ApiBase.AbsoluteUri,
            ["TokenUrl"] = StandIn.TokenUrl.AbsoluteUri,
            ["ClientId"] = StandIn.Options.ClientId,
            ["ClientSecret"] = StandIn.Options.ClientSecret,
            ["Certificate"] = StandIn.Certificates.ClientPfxPath,
            ["CertificatePassword"] = StandIn.Certificates.ClientPfxPassword,
            ["TrustedAuthority"] = StandIn.Certificates.AuthorityPath,
            ["Key"] = Key,
            ["WebhookUrl"] = WebhookUrl,
            ["WebhookSecret"] = Secret,
            ["RequestToPayer"] = "Ingressos do cassino",
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return settings.Where(setting => setting.Value is not null).Select(setting => ($"Payments:Pix:{setting.Key}", setting.Value!));
    }

    /// <summary>A customer with tokens and connections of its own.</summary>
    public IPaymentGateway NewCustomer(params (string Name, string? Value)[] changes) => NewCustomer(TimeProvider.System, changes);

    public IPaymentGateway NewCustomer(TimeProvider clock, params (string Name, string? Value)[] changes)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Settings(changes).Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(clock).AddSingleton<IConfiguration>(configuration);
        services.AddSettings<PixOptions>(PixOptions.Section);
        PixRegistration.AddPix(services, configuration);
        var customer = services.BuildServiceProvider();
        customers.Add(customer);
        return customer.GetRequiredService<IPaymentGateway>();
    }

    public PixCharge? Find(Charge charge) => StandIn.FindCharge(charge.PaymentId.ToString("N"));

    public static PixPayment PaymentOf(Charge charge) => new(charge.PaymentId.ToString("N"));

    /// <summary>Every devolução that is under way reaches the payer.</summary>
    public void EndReturns()
    {
        foreach (var pix in StandIn.Received)
        {
            foreach (var given in pix.Returns.Where(given => given.Status == ReturnStatus.Pending))
            {
                StandIn.Bank.Settle(pix.EndToEndId, given.Id);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var customer in customers)
        {
            await customer.DisposeAsync();
        }

        await StandIn.DisposeAsync();
    }
}
