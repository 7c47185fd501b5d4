using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Kernel;

public sealed class CurrenciesTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

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

    [Test]
    public void The_table_has_what_people_pay_with_and_nothing_else()
    {
        var known = (from a in Letters from b in Letters from c in Letters select $"{a}{b}{c}").Where(Currencies.Knows).ToLookup(Currencies.DecimalsOf);

        Assert.That(known.Select(some => (some.Key, some.Count())), Is.EquivalentTo(new[] { (0, 16), (2, 132), (3, 7) }));
    }

    [TestCase("CLF", Description = "a fund")]
    [TestCase("UYW", Description = "an index unit")]
    [TestCase("XDR", Description = "a unit of account")]
    [TestCase("XAU", Description = "gold")]
    [TestCase("XTS", Description = "for tests")]
    [TestCase("XXX", Description = "none")]
    [TestCase("BGN", Description = "withdrawn")]
    [TestCase("brl")]
    [TestCase("")]
    public void What_nobody_can_pay_with_is_not_known(string code) => Assert.That(Currencies.Knows(code), Is.False);

    [TestCase(1_050, "BRL", "10.50 BRL")]
    [TestCase(5, "BRL", "0.05 BRL")]
    [TestCase(1_000, "JPY", "1000 JPY")]
    [TestCase(12_345, "KWD", "12.345 KWD")]
    [SetCulture("pt-BR")]
    public void Money_is_written_for_logs_in_no_language(long units, string code, string text) => Assert.That(new Money(units, code).ToString(), Is.EqualTo(text));

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
