using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Stripe;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Stripe;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>Stripe's stand-in, and our gateway as its customer.</summary>
internal sealed class StripeAccount : IAsyncDisposable
{
    public const string Secret = "whsec_standin0123456789";

    public const string Visa = "pm_card_visa";
    public const string ThreeDSecure = "pm_card_threeDSecure2Required";

    private readonly List<ServiceProvider> customers = [];

    private StripeAccount(StripeStandIn standIn) => StandIn = standIn;

    public StripeStandIn StandIn { get; }

    public StripeConsole Console => StandIn.Console;

    public StripeFaults Faults => StandIn.Faults;

    public static async Task<StripeAccount> StartAsync(TimeProvider? clock = null) =>
        new(await StripeStandIn.StartAsync(new StripeStandInOptions
        {
            WebhookSecret = Secret,
            Time = clock ?? TimeProvider.System,
            Callbacks = new CallbackSenderOptions { RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), 100)] },
        }));

    /// <summary>What a host is started with; what is given replaces what would be right.</summary>
    public IEnumerable<(string Key, string Value)> Settings(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["SecretKey"] = StandIn.Options.ApiKey,
            ["WebhookSecret"] = Secret,
            ["ReturnUrl"] = "https://tickets.example/orders/{orderId}",
            ["StatementDescriptorSuffix"] = "TICKETS",
            ["ApiBase"] = StandIn.Address.AbsoluteUri,
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return settings.Where(setting => setting.Value is not null).Select(setting => ($"Payments:Stripe:{setting.Key}", setting.Value!));
    }

    /// <summary>A customer with connections of its own.</summary>
    public IPaymentGateway NewCustomer(params (string Name, string? Value)[] changes)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Settings(changes).Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<IHostEnvironment>(new AnyEnvironment());
        StripeRegistration.AddStripe(services, configuration);
        var customer = services.BuildServiceProvider();
        customers.Add(customer);
        return customer.GetRequiredService<IPaymentGateway>();
    }

    public Charge NewCharge(string token = Visa, long amount = 12_550, string currency = "BRL") =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), amount, currency, PaymentMethod.Card, token, Now.AddMinutes(15)) { CreatedAt = Now };

    public DateTimeOffset Now => StandIn.Options.Time.GetUtcNow();

    /// <summary>What the stand-in has of a payment, the oldest first.</summary>
    public IReadOnlyList<StripePayment> PaymentsOf(Guid paymentId) =>
        [.. Console.Payments.Where(payment => payment.Metadata.GetValueOrDefault("payment") == paymentId.ToString())];

    /// <summary>Every refund that is under way reaches the buyer.</summary>
    public void EndRefunds()
    {
        foreach (var refund in Console.Refunds.Where(refund => refund.Status is "pending" or "requires_action"))
        {
            Console.SettleRefund(refund.Id);
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

    private sealed class AnyEnvironment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "Tests";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
