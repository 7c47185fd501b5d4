using TicketBooth.Gateways.Pix;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>The gateway by Pix, with a provider of some kind.</summary>
internal abstract class PixGatewayContract : RemoteGatewayContract
{
    private PixProvider provider = null!;
    private IPaymentGateway gateway = null!;

    protected override IPaymentGateway Gateway => gateway;

    protected override IPaymentGateway Unreachable =>
        provider.NewCustomer(("ApiBase", "https://127.0.0.1:1/api"), ("TokenUrl", "https://127.0.0.1:1/token"));

    protected override IPaymentGateway WithWrongKey => provider.NewCustomer(("ClientSecret", "another"));

    protected override string KeySetting => "Payments:Pix:ClientSecret";

    protected override int ChargesThere => provider.StandIn.Charges.Count;

    protected override DateTimeOffset Now => provider.StandIn.Clock.GetUtcNow();

    protected abstract PixStandInOptions Options { get; }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        provider = await PixProvider.StartAsync(Options);
        provider.StandIn.Bank.Returns = ReturnMode.Hold;
        gateway = provider.NewCustomer();
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => provider.DisposeAsync();

    [TearDown]
    public void ForgetFaults() => provider.StandIn.Faults.Clear();

    protected override Charge NewCharge(long amount = Amount) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), amount, Currency, PaymentMethod.Pix, Token: null, Now.AddMinutes(15));

    protected override Task PayAsync(Charge charge)
    {
        provider.StandIn.Payer.PayCode(provider.Find(charge)!.Code);
        return Task.CompletedTask;
    }

    protected override Task EndRefundsAsync()
    {
        provider.EndReturns();
        return Task.CompletedTask;
    }

    protected override void LoseAnswerTo(Call call) => provider.StandIn.Faults.Add(FaultOf(PixFaultKind.BreakAfterWork, call));

    protected override void LoseRequestOf(Call call) => provider.StandIn.Faults.Add(FaultOf(PixFaultKind.BreakBeforeWork, call));

    private static PixFault FaultOf(PixFaultKind kind, Call call) =>
        new(kind)
        {
            Method = call == Call.Cancel ? "PATCH" : "PUT",
            Path = call == Call.Refund ? "/devolucao/" : "/cob/",
        };
}

/// <summary>With a provider that is the Central Bank's document to the letter.</summary>
[TestFixture]
internal sealed class PixGatewayContractTests : PixGatewayContract
{
    protected override PixStandInOptions Options => new();
}

/// <summary>With a provider as many are: it refuses a charge that is there, and repeats a devolução.</summary>
[TestFixture]
internal sealed class PixGatewayOfAnotherProviderContractTests : PixGatewayContract
{
    protected override PixStandInOptions Options => new() { RefusesExistingTxid = true, RepeatsDevolucao = true, NamesPayer = false };
}
