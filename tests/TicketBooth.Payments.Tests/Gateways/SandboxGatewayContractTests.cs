using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

[TestFixture]
internal sealed class SandboxGatewayContractTests : GatewayContract
{
    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;

    protected override IPaymentGateway Gateway => payments.Get<IPaymentGateway>();

    protected override DateTimeOffset Now => clock.GetUtcNow();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        payments = await PaymentsHost.StartAsync(clock, settings: [("Payments:Sandbox:WebhookUrl", PaymentsHost.NoWebhook)]);
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    protected override Charge NewCharge(long amount = Amount) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), amount, Currency, PaymentMethod.Pix, Token: null, Now.AddMinutes(15));

    protected override Task PayAsync(Charge charge)
    {
        clock.Advance(TimeSpan.FromSeconds(2));
        return Task.CompletedTask;
    }

    protected override Task EndRefundsAsync() => Task.CompletedTask;
}
