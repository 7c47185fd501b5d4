using System.Globalization;
using TicketBooth.Dashboard.AuditLog;
using TicketBooth.Dashboard.Downloads;
using TicketBooth.Dashboard.Pages.Events;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Tests;

/// <summary>Money with as many decimals as its currency has, wherever it is shown or exported.</summary>
internal sealed class CurrencyTests
{
    [SetCulture("en-US")]
    [TestCase("JPY", 1_000, "JPY\u00a01,000", "1000", "1,000")]
    [TestCase("KWD", 12_345, "KWD\u00a012.345", "12.345", "12.345")]
    [TestCase("USD", 123_456, "US$1,234.56", "1234.56", "1,234.56")]
    public void It_is_shown_exported_and_logged_by_its_currency(string currency, long units, string shown, string exported, string logged)
    {
        var csv = new Csv(CultureInfo.CurrentCulture, TimeZoneInfo.Utc);

        Assert.That(Show.Money(units, currency), Is.EqualTo(shown));
        Assert.That(csv.Money(units, currency), Is.EqualTo(exported));
        Assert.That(AuditLogFields.ValueOf("form.tiers[0].price", units.ToString(CultureInfo.InvariantCulture), currency), Is.EqualTo(logged));
        Assert.That(AuditLogFields.ValueOf("policy.roundingUnit", units.ToString(CultureInfo.InvariantCulture), currency), Is.EqualTo(logged));
    }

    [Test]
    public void An_amount_whose_currency_is_not_known_yet_is_not_shown_as_another_amount()
    {
        Assert.That(Show.Money(1_000, ""), Is.EqualTo("–"));
        Assert.That(new Csv(CultureInfo.InvariantCulture, TimeZoneInfo.Utc).Money(1_000, ""), Is.Empty);
    }

    [TestCase("BRL", "0.50", 50)]
    [TestCase("JPY", "50", 50)]
    [TestCase("KWD", "0.05", 50)]
    [TestCase("JPY", "0.50", null)]
    [TestCase("KWD", "0.0001", null)]
    [TestCase("BRL", "0", null)]
    [TestCase("JPY", "100001", null)]
    [TestCase("BRL", "79000000000000000000000000000", null)]
    public void Prices_are_rounded_to_an_amount_of_the_events_currency(string currency, string typed, int? unit)
    {
        var form = new PolicyForm { RoundingUnit = decimal.Parse(typed, CultureInfo.InvariantCulture) };

        Assert.That(form.ToPolicy(currency)?.RoundingUnit, Is.EqualTo(unit));
    }

    [TestCase("""{ "form": { "currency": "JPY", "tiers": [] } }""", "JPY")]
    [TestCase("""{ "currency": "KWD", "total": 5 }""", "KWD")]
    [TestCase("""{ "roles": ["clerk"] }""", "")]
    [TestCase("""[]""", "")]
    [TestCase(null, "")]
    public void The_audit_log_finds_the_currency_in_the_state(string? state, string currency) =>
        Assert.That(AuditLogFields.CurrencyOf(state), Is.EqualTo(currency));

    [TestCase("capacity", "Capacity of the venue")]
    [TestCase("form.capacity", "Capacity of the venue")]
    [TestCase("tiers[2].capacity", "Tickets")]
    public void The_log_tells_the_capacity_of_the_venue_from_the_tickets_of_a_tier(string path, string name) =>
        Assert.That(AuditLogFields.PartsOf(path)[^1].Name, Is.EqualTo(name));
}
