using System.Globalization;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>An event as its editor's form sends it: times of the zone in the settings, money as people type it.</summary>
internal sealed class EventInput
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm";

    public string? Name { get; set; }

    public string? Venue { get; set; }

    public string? Description { get; set; }

    public string? StartsAt { get; set; }

    public string? PublishedAt { get; set; }

    public string? EndsSellingAt { get; set; }

    public int? Capacity { get; set; }

    public string? Currency { get; set; }

    public bool Large { get; set; }

    public List<TierInput> Tiers { get; set; } = [];

    public static EventInput Of(EventForm form, TimeZoneInfo zone) => new()
    {
        Name = form.Name,
        Venue = form.Venue,
        Description = form.Description,
        StartsAt = Local(form.StartsAt, zone),
        PublishedAt = form.PublishedAt is { } opens ? Local(opens, zone) : null,
        EndsSellingAt = Local(form.EndsSellingAt, zone),
        Capacity = form.Capacity,
        Currency = form.Currency,
        Large = form.Large,
        Tiers = [.. form.Tiers.Select(tier => new TierInput
        {
            Id = tier.Id,
            Name = tier.Name,
            Price = Money(tier.Price),
            Tickets = tier.Tickets,
            Floor = Money(tier.Floor),
            Ceiling = Money(tier.Ceiling),
        })],
    };

    /// <summary>What the event is to be; adds to <paramref name="faults"/> what cannot be read, in words' keys.</summary>
    public EventForm ToForm(TimeZoneInfo zone, List<string> faults)
    {
        var rows = Tiers.Where(tier => !tier.IsEmpty).ToList();
        return new EventForm(
            Name ?? "",
            Venue ?? "",
            Description,
            Time(StartsAt, zone, "The start is missing.", faults) ?? default,
            Time(PublishedAt, zone, missing: null, faults),
            Time(EndsSellingAt, zone, "The end of the sale is missing.", faults) ?? default,
            Capacity ?? 0,
            string.IsNullOrWhiteSpace(Currency) ? null : Currency.Trim().ToUpperInvariant(),
            Large,
            [.. rows.Select(tier => new TierForm(
                tier.Id, tier.Name ?? "", Cents(tier.Price, faults) ?? 0, tier.Tickets ?? 0, Cents(tier.Floor, faults), Cents(tier.Ceiling, faults)))]);
    }

    private static string Local(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string? Money(long? cents) => cents is { } value ? (value / 100m).ToString("0.00", CultureInfo.CurrentCulture) : null;

    private static DateTimeOffset? Time(string? text, TimeZoneInfo zone, string? missing, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (missing is not null)
            {
                faults.Add(missing);
            }

            return null;
        }

        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            faults.Add("A date cannot be read.");
            return null;
        }

        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            faults.Add("One of the times does not exist: the clocks are put forward then.");
            return null;
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static long? Cents(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (decimal.TryParse(text, PlainNumbers.Style, CultureInfo.CurrentCulture, out var amount)
            && Math.Abs(amount) < 1_000_000_000
            && amount * 100 == decimal.Truncate(amount * 100))
        {
            return (long)(amount * 100);
        }

        faults.Add("One of the prices is not an amount of money.");
        return null;
    }

    internal sealed class TierInput
    {
        public Guid? Id { get; set; }

        public string? Name { get; set; }

        public string? Price { get; set; }

        public int? Tickets { get; set; }

        public string? Floor { get; set; }

        public string? Ceiling { get; set; }

        public bool IsEmpty => Id is null && string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Price) && Tickets is null;
    }
}
