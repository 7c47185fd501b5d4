using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Paying;

namespace TicketBooth.Payments.Tests.Paying;

[TestFixture]
internal sealed class GetAcceptedCurrenciesTests
{
    [TestCase(new[] { "BRL" }, "BRL,USD,CHF", "BRL CHF USD")]
    [TestCase(new[] { "BRL" }, null, null)]
    public async Task Accepted_is_what_any_gateway_takes(string[] one, string? other, string? union)
    {
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var handler = new GetAcceptedCurrencies.Handler(new PaymentGateways([
            new FakeGateway { Abilities = new([Contracts.PaymentMethod.Card]) { Currencies = one } },
            new FakeGateway { Name = "Pix", Abilities = new([Contracts.PaymentMethod.Pix]) { Currencies = other?.Split(',') } },
        ], new GatewayMetrics(meters.GetRequiredService<IMeterFactory>(), TimeProvider.System), TimeProvider.System, NullLogger<PaymentGateways>.Instance));

        var accepted = (await handler.Handle(new Contracts.GetAcceptedCurrencies(), CancellationToken.None)).Value;

        Assert.That(accepted.Codes is null ? null : string.Join(' ', accepted.Codes), Is.EqualTo(union));
        Assert.That((accepted.Include("BRL"), accepted.Include("KWD")), Is.EqualTo((true, union is null)));
    }

    [Test]
    public async Task The_sandbox_takes_all()
    {
        await using var payments = await PaymentsHost.StartAsync();

        Assert.That((await payments.SendAsync(new Contracts.GetAcceptedCurrencies())).Value.Codes, Is.Null);
    }
}
