using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Kernel;

public sealed class CurrenciesTests
{
    [TestCase("BRL", 2)]
    [TestCase("JPY", 0)]
    [TestCase("KRW", 0)]
    [TestCase("CLP", 0)]
    [TestCase("XAF", 0)]
    [TestCase("KWD", 3)]
    [TestCase("TND", 3)]
    [TestCase("MGA", 2)]
    public void Each_has_the_decimals_of_ISO_4217(string code, int decimals)
    {
        Assert.That(Currencies.Knows(code), Is.True);
        Assert.That(Currencies.DecimalsOf(code), Is.EqualTo(decimals));
    }

    [TestCase("BRL", 1050, "10.50")]
    [TestCase("JPY", 1000, "1000")]
    [TestCase("KWD", 12345, "12.345")]
    public void Amounts_go_both_ways(string code, long units, string amount)
    {
        var value = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(Currencies.ToAmount(units, code), Is.EqualTo(value));
        Assert.That(Currencies.ToUnits(value, code), Is.EqualTo(units));
    }

    [TestCase("JPY", "1000.50")]
    [TestCase("BRL", "0.001")]
    [TestCase("KWD", "0.0001")]
    [TestCase("BRL", "79000000000000000000000000000")]
    public void What_the_currency_cannot_pay_is_no_amount(string code, string amount) =>
        Assert.That(Currencies.ToUnits(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), code), Is.Null);
}
