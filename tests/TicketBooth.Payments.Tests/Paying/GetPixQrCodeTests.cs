using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using QRCoder;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Tests.Gateways;

namespace TicketBooth.Payments.Tests.Paying;

/// <summary>What a buyer gets who pays by Pix: a code as text, and the same as a picture.</summary>
[TestFixture]
internal sealed partial class GetPixQrCodeTests
{
    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        payments = await PaymentsHost.StartAsync(clock, settings: [("Payments:Sandbox:PixName", "CASINO ROYAL"), ("Payments:Sandbox:PixCity", "RECIFE"), ("Payments:Sandbox:PixKey", "+5581912345678")]);
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task The_code_of_a_payment_tells_a_banks_app_payee_amount_and_payment()
    {
        var (_, body) = await PaidByPixAsync(payments.Booking.NewOrder(total: 12_550));

        var code = BrCodeReader.Read((string)body["pix"]!["code"]!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((code["59"], code["60"], code.Template("26")["01"]), Is.EqualTo(("CASINO ROYAL", "RECIFE", "+5581912345678")));
            Assert.That((code["54"], code["53"]), Is.EqualTo(("125.50", "986")));
            Assert.That(code.Template("62")["05"], Is.EqualTo(ToBase36((Guid)body["paymentId"]!)));
        }
    }

    [Test]
    public async Task The_picture_is_that_of_the_code_and_for_the_buyer_alone()
    {
        var (order, body) = await PaidByPixAsync(payments.Booking.NewOrder());
        using var buyer = payments.ClientOf(order.Buyer);
        using var other = payments.ClientOf(Guid.NewGuid());

        using var answer = await buyer.GetAsync((string)body["pix"]!["qrUrl"]!);
        using var refused = await other.GetAsync((string)body["pix"]!["qrUrl"]!);
        using var anonymous = await payments.Client.GetAsync((string)body["pix"]!["qrUrl"]!);

        Assert.That(((int)answer.StatusCode, (int)refused.StatusCode, (int)anonymous.StatusCode), Is.EqualTo((200, 404, 401)));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("image/svg+xml"));
        Assert.That(DarkIn(await answer.Content.ReadAsStringAsync()), Is.EqualTo(DarkOf((string)body["pix"]!["code"]!)));
    }

    [Test]
    public async Task There_is_no_picture_without_a_payment_by_pix_that_waits()
    {
        var card = payments.Booking.NewOrder();
        payments.Booking.UnderWay[card.Id] = await payments.PayByCardAsync(card, "tok_silent");
        var (paid, body) = await PaidByPixAsync(payments.Booking.NewOrder());
        clock.Advance(TimeSpan.FromSeconds(2));
        await payments.WaitForAsync((Guid)body["paymentId"]!, Contracts.PaymentStatus.Paid);

        Assert.That(await CodeAsync(payments, card), Is.EqualTo("pix-code-not-found"));
        Assert.That(await CodeAsync(payments, paid), Is.EqualTo("pix-code-not-found"), "nobody is to pay twice");
        Assert.That(await CodeAsync(payments, payments.Booking.NewOrder()), Is.EqualTo("order-not-found"));
    }

    [Test]
    public async Task A_gateway_that_cannot_be_reached_is_told()
    {
        var gateway = new FakeGateway { Standing = new ChargeStanding.Unreachable() };
        await using var cut = await PaymentsHost.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
        var order = cut.Booking.NewOrder();
        var payment = await cut.KeepPaymentAsync(kept => kept with { OrderId = order.Id });
        cut.Booking.UnderWay[order.Id] = payment.Id;

        Assert.That(await CodeAsync(cut, order), Is.EqualTo("gateway-unavailable"));
    }

    private static async Task<string?> CodeAsync(PaymentsHost host, FakeOrder order)
    {
        using var buyer = host.ClientOf(order.Buyer);
        using var answer = await buyer.GetAsync($"/api/v1/orders/{order.Id}/payment/qr.svg");
        return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"];
    }

    private async Task<(FakeOrder Order, JsonNode Body)> PaidByPixAsync(FakeOrder order)
    {
        var (response, body) = await payments.PayAsync(order, """{"method":"pix"}""");
        response.Dispose();
        payments.Booking.UnderWay[order.Id] = (Guid)body!["paymentId"]!;
        return (order, body);
    }

    private static string ToBase36(Guid id)
    {
        var rest = UInt128.Parse(id.ToString("N"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var text = "";
        for (; text.Length < 25; rest /= 36)
        {
            text = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(rest % 36)] + text;
        }

        return text;
    }

    /// <summary>Column and row of each dark module.</summary>
    private static HashSet<(int X, int Y)> DarkOf(string code)
    {
        using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);
        return [.. from y in Enumerable.Range(0, data.ModuleMatrix.Count) from x in Enumerable.Range(0, data.ModuleMatrix.Count) where data.ModuleMatrix[y][x] select (x, y)];
    }

    private static HashSet<(int X, int Y)> DarkIn(string svg)
    {
        var drawn = (string)XDocument.Parse(svg).Root!.Elements().Single(element => element.Name.LocalName == "path").Attribute("d")!;
        var runs = Run().Matches(drawn);
        Assert.That(string.Concat(runs.Select(run => run.Value)), Is.EqualTo(drawn), "runs of dark modules and nothing else");
        return [.. from run in runs let y = Number(run, "y") from x in Enumerable.Range(Number(run, "x"), Number(run, "width")) select (x, y)];
    }

    private static int Number(Match run, string name) => int.Parse(run.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"M(?<x>\d+)[ ,](?<y>\d+)h(?<width>\d+)v1h-\k<width>z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Run();
}
