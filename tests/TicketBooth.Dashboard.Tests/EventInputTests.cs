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
        var faults = new List<EventInput.Fault>();

        var form = Read(culture, Input(typed), faults);

        Assert.That(faults, Is.Empty);
        Assert.That(form.Tiers.Single().Price, Is.EqualTo(cents));
    }

    [TestCase("JPY", "1000", 1_000)]
    [TestCase("krw", "25000", 25_000)]
    [TestCase("KWD", "12.345", 12_345)]
    [TestCase("KWD", "12.5", 12_500)]
    [TestCase("USD", "12.50", 1_250)]
    public void Money_has_the_decimals_of_its_currency(string currency, string typed, long units)
    {
        var faults = new List<EventInput.Fault>();
        var input = Input(typed);
        input.Currency = currency;

        var form = Read("en", input, faults);

        Assert.That(faults, Is.Empty);
        Assert.That(form.Tiers.Single().Price, Is.EqualTo(units));
        var shown = EventInput.Of(form, NewYork).Tiers.Single().Price!;
        Assert.That(decimal.Parse(shown, CultureInfo.CurrentCulture), Is.EqualTo(decimal.Parse(typed, CultureInfo.InvariantCulture)), "what was read is shown alike");
    }

    [TestCase("JPY", "1000.50")]
    [TestCase("JPY", "0.01")]
    [TestCase("KWD", "12.3456")]
    [TestCase("BRL", "12.345")]
    public void Money_has_no_more_decimals_than_its_currency(string currency, string typed)
    {
        var faults = new List<EventInput.Fault>();
        var input = Input(typed);
        input.Currency = currency;

        Read("en", input, faults);

        Assert.That(faults.Single().Field, Is.EqualTo("tiers[0].price"));
    }

    [TestCase("pt-BR", "80.50")]
    [TestCase("en", "80,50")]
    [TestCase("en", "1,000.00")]
    [TestCase("en", "80.505")]
    [TestCase("en", "1000000000")]
    [TestCase("en", "79000000000000000000000000000")]
    [TestCase("en", "free")]
    [TestCase("en", "-1")]
    [TestCase("en", "1000000.01")]
    public void What_could_mean_another_amount_is_no_amount(string culture, string typed)
    {
        var faults = new List<EventInput.Fault>();

        Read(culture, Input(typed), faults);

        Assert.That(faults, Is.EqualTo(new[] { new EventInput.Fault("tiers[0].price", "This is not an amount of money that a ticket can cost.") }));
    }

    [TestCase("2027-07-01T20:00", "2027-07-02T00:00:00+00:00")]
    [TestCase("2027-01-01T20:00", "2027-01-02T01:00:00+00:00")]
    public void A_time_is_the_zones(string typed, string utc)
    {
        var faults = new List<EventInput.Fault>();
        var input = Input("80.50");
        input.StartsAt.Text = typed;

        var form = Read("en", input, faults);

        Assert.That(faults, Is.Empty);
        Assert.That(form.StartsAt, Is.EqualTo(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture)));
        Assert.That(EventInput.Of(form, NewYork).StartsAt.Text, Is.EqualTo(typed), "what was read is shown alike");
    }

    [TestCase("2027-03-14T02:30", "This time does not exist, because the clocks go forward then.")]
    [TestCase("soon", "This date cannot be read.")]
    [TestCase(" ", "It is missing.")]
    public void A_time_that_is_none_is_told(string typed, string fault)
    {
        var faults = new List<EventInput.Fault>();
        var input = Input("80.50");
        input.StartsAt.Text = typed;

        Read("en", input, faults);

        Assert.That(faults, Is.EqualTo(new[] { new EventInput.Fault("startsAt", fault) }));
    }

    [TestCase("2027-07-01T20:00:41.1234567-04:00")]
    [TestCase("2027-11-07T01:30:00-04:00", Description = "the first of two half past ones")]
    [TestCase("2027-11-07T01:30:00-05:00", Description = "the second")]
    public void A_time_that_nobody_touched_stays_as_it_was(string moment)
    {
        var time = DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);
        var faults = new List<EventInput.Fault>();
        var input = Input("80.50");
        input.StartsAt = EventInput.TimeInput.Of(time, NewYork);
        var untouched = Read("en", input, faults);
        input.StartsAt.Text = "2027-07-01T20:01";
        var changed = Read("en", input, faults);

        Assert.That(faults, Is.Empty);
        Assert.That(untouched.StartsAt.UtcTicks, Is.EqualTo(time.UtcTicks));
        Assert.That(changed.StartsAt, Is.EqualTo(new DateTimeOffset(2027, 7, 2, 0, 1, 0, TimeSpan.Zero)));
    }

    [TestCase("en", "1,000", 1_000)]
    [TestCase("pt-BR", "1.000", 1_000)]
    [TestCase("pt-BR", " 1000 ", 1_000)]
    [TestCase("en", "1.000", null)]
    [TestCase("pt-BR", "1,000", null)]
    [TestCase("en", "1,00", null)]
    [TestCase("en", "20.5", null)]
    [TestCase("en", "-1", null)]
    [TestCase("en", "many", null)]
    public void A_count_is_read_as_its_writer_writes_it_or_not_at_all(string culture, string typed, int? count)
    {
        var faults = new List<EventInput.Fault>();
        var input = Input(culture == "en" ? "80.50" : "80,50");
        (input.Capacity, input.Tiers[0].Tickets) = (typed, typed);

        var form = Read(culture, input, faults);

        if (count is null)
        {
            Assert.That(faults, Is.EqualTo(new[] { "capacity", "tiers[0].tickets" }.Select(field => new EventInput.Fault(field, "This is not a whole number."))));
        }
        else
        {
            Assert.That((form.Capacity, form.Tiers[0].Tickets, faults.Count), Is.EqualTo((count, count, 0)));
        }
    }

    [Test]
    public void Rows_that_are_left_empty_are_no_tiers_and_those_with_anything_in_them_are()
    {
        var faults = new List<EventInput.Fault>();
        var input = Input("80.50");
        input.Tiers.Insert(0, new EventInput.TierInput { Id = Guid.CreateVersion7(), Name = " " });
        input.Tiers.Add(new EventInput.TierInput { Floor = "1" });

        var form = Read("en", input, faults);

        Assert.That(form.Tiers, Has.Count.EqualTo(2));
        Assert.That(faults.Select(fault => fault.Field), Is.EqualTo(new[] { "tiers[2].price", "tiers[2].tickets" }), "rows are counted as the page shows them");
        Assert.That(input.FieldOfRow("tiers[1].name"), Is.EqualTo("tiers[2].name"));
    }

    private static EventInput Input(string price) => new()
    {
        Name = "Opera Night",
        Venue = "Main Hall",
        StartsAt = new EventInput.TimeInput { Text = "2027-07-01T20:00" },
        EndsSellingAt = new EventInput.TimeInput { Text = "2027-06-30T20:00" },
        Capacity = "20",
        Tiers = [new EventInput.TierInput { Name = "Stalls", Price = price, Tickets = "20" }],
    };

    private static Events.Contracts.EventForm Read(string culture, EventInput input, List<EventInput.Fault> faults)
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
