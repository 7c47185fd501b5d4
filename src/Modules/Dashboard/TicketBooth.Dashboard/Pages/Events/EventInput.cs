using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>The fields of the event editor: times in the zone of the settings, money and numbers as they are typed.</summary>
internal sealed partial class EventInput
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm";
    private const long HighestPrice = 100_000_000;

    // Of a new event, as in REST. Where somebody empties the field, prices must be read by some currency too.
    private const string DefaultCurrency = "BRL";

    public string? Name { get; set; }

    public string? Venue { get; set; }

    public string? Description { get; set; }

    public TimeInput StartsAt { get; set; } = new();

    public TimeInput PublishedAt { get; set; } = new();

    public TimeInput EndsSellingAt { get; set; } = new();

    public string? Capacity { get; set; }

    public string? Currency { get; set; }

    public bool Large { get; set; }

    public string? RefundHours { get; set; }

    public string? RefundFee { get; set; }

    public List<TierInput> Tiers { get; set; } = [];

    public static EventInput Of(EventForm form, TimeZoneInfo zone) =>
        new()
        {
            Name = form.Name,
            Venue = form.Venue,
            Description = form.Description,
            StartsAt = TimeInput.Of(form.StartsAt, zone),
            PublishedAt = form.PublishedAt is { } opens ? TimeInput.Of(opens, zone) : new TimeInput(),
            EndsSellingAt = TimeInput.Of(form.EndsSellingAt, zone),
            Capacity = Number(form.Capacity),
            Currency = form.Currency,
            Large = form.Large,
            RefundHours = form.RefundHoursBeforeStart is { } hours ? Number(hours) : null,
            RefundFee = form.RefundFeePercent > 0 ? Number(form.RefundFeePercent) : null,
            Tiers =
            [
                .. form.Tiers.Select(tier => new TierInput
                {
                    Id = tier.Id,
                    Name = tier.Name,
                    Price = Money(tier.Price, form.Currency),
                    Tickets = Number(tier.Tickets),
                    Floor = Money(tier.Floor, form.Currency),
                    Ceiling = Money(tier.Ceiling, form.Currency),
                }),
            ],
        };

    /// <summary>The event that was entered. Adds to <paramref name="faults"/> what cannot be read, by the name of the field.</summary>
    public EventForm ToForm(TimeZoneInfo zone, List<Fault> faults)
    {
        var currency = string.IsNullOrWhiteSpace(Currency) ? DefaultCurrency : Currency.Trim().ToUpperInvariant();
        return new(
            Name ?? "",
            Venue ?? "",
            Description?.ReplaceLineEndings("\n"), // browsers send two characters
            Time("startsAt", StartsAt, zone, isRequired: true, faults) ?? default,
            Time("publishedAt", PublishedAt, zone, isRequired: false, faults),
            Time("endsSellingAt", EndsSellingAt, zone, isRequired: true, faults) ?? default,
            Count("capacity", Capacity, faults),
            currency,
            Large,
            [
                .. FilledIn()
                    .Select(filled =>
                    {
                        var (row, tier) = filled;
                        return new TierForm(
                            tier.Id,
                            tier.Name ?? "",
                            Cents($"tiers[{row}].price", tier.Price, isPrice: true, currency, faults) ?? 0,
                            Count($"tiers[{row}].tickets", tier.Tickets, faults),
                            Cents($"tiers[{row}].floor", tier.Floor, isPrice: false, currency, faults),
                            Cents($"tiers[{row}].ceiling", tier.Ceiling, isPrice: false, currency, faults)
                        );
                    }),
            ]
        )
        {
            RefundHoursBeforeStart = string.IsNullOrWhiteSpace(RefundHours) ? null : Count("refundHoursBeforeStart", RefundHours, faults),
            RefundFeePercent = string.IsNullOrWhiteSpace(RefundFee) ? 0 : Count("refundFeePercent", RefundFee, faults),
        };
    }

    /// <summary>The field of this form for a field of what <see cref="ToForm"/> returned, where empty rows are missing.</summary>
    public string FieldOfRow(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return
            field.StartsWith("tiers[", StringComparison.Ordinal)
            && int.TryParse(
                field.AsSpan(6, field.IndexOf(']', StringComparison.Ordinal) - 6),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var tier
            )
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"tiers[{FilledIn().ElementAt(tier).Row}]{field[(field.IndexOf(']', StringComparison.Ordinal) + 1)..]}"
            )
            : field;
    }

    private static string Local(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string? Money(long? cents, string? currency) =>
        cents is { } value ? Currencies.ToText(value, currency ?? DefaultCurrency, CultureInfo.CurrentCulture) : null;

    private static string Number(int count) => count.ToString(CultureInfo.CurrentCulture);

    private static DateTimeOffset? Time(string field, TimeInput typed, TimeZoneInfo zone, bool isRequired, List<Fault> faults)
    {
        if (string.IsNullOrWhiteSpace(typed.Text))
        {
            if (isRequired)
            {
                faults.Add(new Fault(field, "It is missing."));
            }

            return null;
        }

        if (!DateTime.TryParse(typed.Text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            faults.Add(new Fault(field, "This date cannot be read."));
            return null;
        }

        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);

        // An untouched field keeps the exact time: the seconds that it does not show, and which of two hours when the clocks go back.
        if (typed.Was is { } was && Local(was, zone) == local.ToString(TimeFormat, CultureInfo.InvariantCulture))
        {
            return was;
        }

        if (zone.IsInvalidTime(local))
        {
            faults.Add(new Fault(field, "This time does not exist, because the clocks go forward then."));
            return null;
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <remarks>With the thousands separators of the reader's language: 1.000 is a thousand in Portuguese and invalid in English.</remarks>
    private static int Count(string field, string? text, List<Fault> faults)
    {
        var typed = text?.Trim() ?? "";
        if (
            int.TryParse(typed, NumberStyles.None, CultureInfo.CurrentCulture, out var count)
            || (
                int.TryParse(typed, NumberStyles.AllowThousands, CultureInfo.CurrentCulture, out count)
                && typed == count.ToString("N0", CultureInfo.CurrentCulture)
            )
        )
        {
            return count;
        }

        faults.Add(new Fault(field, typed.Length == 0 ? "It is missing." : "This is not a whole number."));
        return 0;
    }

    /// <param name="isPrice">It must be there, and may be 0: the tickets are free.</param>
    private static long? Cents(string field, string? text, bool isPrice, string currency, List<Fault> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (isPrice)
            {
                faults.Add(new Fault(field, "It is missing."));
            }

            return null;
        }

        if (
            decimal.TryParse(text, PlainNumbers.Style, CultureInfo.CurrentCulture, out var amount)
            && Currencies.ToUnits(amount, currency) is { } units and >= 0 and <= HighestPrice
            && (isPrice || units > 0)
        )
        {
            return units;
        }

        faults.Add(new Fault(field, "This is not an amount of money that a ticket can cost."));
        return null;
    }

    private IEnumerable<(int Row, TierInput Tier)> FilledIn() =>
        Tiers.Select((tier, row) => (row, tier)).Where(filled => !filled.tier.IsEmpty);

    /// <param name="Field">As REST names it, for example <c>tiers[0].price</c>.</param>
    /// <param name="Text">What is wrong: a key of <see cref="Words"/>.</param>
    internal sealed record Fault(string Field, string Text);

    /// <summary>A time as a field of the form shows it, which is to the minute.</summary>
    internal sealed class TimeInput
    {
        public string? Text { get; set; }

        /// <summary>The time when the editor was opened.</summary>
        public DateTimeOffset? Was { get; set; }

        public static TimeInput Of(DateTimeOffset time, TimeZoneInfo zone) => new() { Text = Local(time, zone), Was = time };
    }

    internal sealed class TierInput
    {
        public Guid? Id { get; set; }

        public string? Name { get; set; }

        public string? Price { get; set; }

        public string? Tickets { get; set; }

        public string? Floor { get; set; }

        public string? Ceiling { get; set; }

        public bool IsEmpty => new[] { Name, Price, Tickets, Floor, Ceiling }.All(string.IsNullOrWhiteSpace);
    }
}
