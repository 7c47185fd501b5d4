using TicketBooth.Gateways.Stripe;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

[TestFixture]
internal sealed class StripeGatewayContractTests : RemoteGatewayContract
{
    private StripeAccount account = null!;
    private IPaymentGateway gateway = null!;

    protected override IPaymentGateway Gateway => gateway;

    protected override IPaymentGateway Unreachable => account.NewCustomer(("ApiBase", "http://127.0.0.1:1/"));

    protected override IPaymentGateway WithWrongKey => account.NewCustomer(("SecretKey", "sk_test_another"));

    protected override string KeySetting => "Payments:Stripe:SecretKey";

    protected override int ChargesThere => account.Console.Payments.Count;

    protected override DateTimeOffset Now => account.Now;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        account = await StripeAccount.StartAsync();
        gateway = account.NewCustomer();
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => account.DisposeAsync();

    [SetUp]
    public void RefundsTakeTheirTime() => account.Faults.StartRefundsAs("pending");

    [TearDown]
    public void ForgetFaults() => account.Faults.Clear();

    protected override Charge NewCharge(long amount = Amount) => account.NewCharge(StripeAccount.ThreeDSecure, amount, Currency);

    protected override Task PayAsync(Charge charge)
    {
        account.Console.FinishAction(account.PaymentsOf(charge.PaymentId).Single().Id);
        return Task.CompletedTask;
    }

    protected override Task EndRefundsAsync()
    {
        account.EndRefunds();
        return Task.CompletedTask;
    }

    protected override void LoseAnswerTo(Call call) => account.Faults.WorkThenBreak(OperationOf(call));

    protected override void LoseRequestOf(Call call) => account.Faults.Break(OperationOf(call));

    private static StripeOperation OperationOf(Call call) =>
        call switch
        {
            Call.Create => StripeOperation.CreateIntent,
            Call.Cancel => StripeOperation.CancelIntent,
            _ => StripeOperation.CreateRefund,
        };
}
