using System.Globalization;
using TicketBooth.Dashboard.Pages.Events;

namespace TicketBooth.Dashboard.Tests;

/// <summary>What people type into an event's editor.</summary>
internal sealed class EventInputTests
{
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [TestCase("en", "80.50", 8_050)]
    [TestCase("en", " 80 ", 8_000)]
    [TestCase("pt-BR", "80,50", 8_050)]
    [TestCase("pt-BR", "0,01", 1)]
    public void Money_is_read_as_its_writer_writes_it(string culture, string typed, long cents)
    {
        var faults = new List<string>();

        var form = Read(culture, Input(typed), faults);

        Assert.That(faults, Is.Empty);
        Assert.That(form.Tiers.Single().Price, Is.EqualTo(cents));
    }

    [TestCase("pt-BR", "80.50")]
    [TestCase("en", "80,50")]
    [TestCase("en", "1,000.00")]
    [TestCase("en", "80.505")]
    [TestCase("en", "1000000000")]
    [TestCase("en", "79000000000000000000000000000")]
    [TestCase("en", "free")]
    public void What_could_mean_another_amount_is_no_amount(string culture, string typed)
    {
        var faults = new List<string>();

        Read(culture, Input(typed), faults);

        Assert.That(faults, Is.EqualTo(new[] { "One of the prices is not an amount of money." }));
    }

    [TestCase("2027-07-01T20:00", "2027-07-02T00:00:00+00:00")]
    [TestCase("2027-01-01T20:00", "2027-01-02T01:00:00+00:00")]
    public void A_time_is_the_zones(string typed, string utc)
    {
        var faults = new List<string>();
        var input = Input("80.50");
        input.StartsAt = typed;

        var form = Read("en", input, faults);

        Assert.That(faults, Is.Empty);
        Assert.That(form.StartsAt, Is.EqualTo(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture)));
        Assert.That(EventInput.Of(form, NewYork).StartsAt, Is.EqualTo(typed), "what was read is shown alike");
    }

    [TestCase("2027-03-14T02:30", "One of the times does not exist: the clocks are put forward then.")]
    [TestCase("soon", "A date cannot be read.")]
    [TestCase(" ", "The start is missing.")]
    public void A_time_that_is_none_is_told(string typed, string fault)
    {
        var faults = new List<string>();
        var input = Input("80.50");
        input.StartsAt = typed;

        Read("en", input, faults);

        Assert.That(faults, Is.EqualTo(new[] { fault }));
    }

    [Test]
    public void Rows_that_nobody_filled_in_are_no_tiers()
    {
        var faults = new List<string>();
        var input = Input("80.50");
        input.Tiers.Add(new EventInput.TierInput { Floor = "1" });

        Assert.That(Read("en", input, faults).Tiers, Has.Count.EqualTo(1));
    }

    private static EventInput Input(string price) => new()
    {
        Name = "Opera Night",
        Venue = "Main Hall",
        StartsAt = "2027-07-01T20:00",
        EndsSellingAt = "2027-06-30T20:00",
        Capacity = 20,
        Tiers = [new EventInput.TierInput { Name = "Stalls", Price = price, Tickets = 20 }],
    };

    private static Events.Contracts.EventForm Read(string culture, EventInput input, List<string> faults)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            return input.ToForm(NewYork, faults);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
