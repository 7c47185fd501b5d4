namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>Compares what was typed with what is stored.</summary>
internal sealed partial class EventInput
{
    /// <summary>The fields that are stored otherwise than they were typed, with what is stored.</summary>
    public IEnumerable<(string Field, string Stored)> DifferencesFrom(EventInput stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var typed = Texts().ToDictionary(StringComparer.Ordinal);
        return stored
            .Texts()
            .Select(pair => (Field: pair.Key, Stored: pair.Value))
            .Where(pair => pair.Stored != typed.GetValueOrDefault(pair.Field, ""));
    }

    private IEnumerable<KeyValuePair<string, string>> Texts()
    {
        (string Field, string? Text)[] texts =
        [
            ("name", Name),
            ("venue", Venue),
            ("description", Description?.ReplaceLineEndings("\n")),
            ("startsAt", StartsAt.Text),
            ("publishedAt", PublishedAt.Text),
            ("endsSellingAt", EndsSellingAt.Text),
            ("capacity", Capacity),
            ("currency", Currency),
            ("refundHoursBeforeStart", RefundHours),
            ("refundFeePercent", RefundFee),
            .. FilledIn()
                .SelectMany(filled =>
                    new (string, string?)[]
                    {
                        ($"tiers[{filled.Row}].name", filled.Tier.Name),
                        ($"tiers[{filled.Row}].price", filled.Tier.Price),
                        ($"tiers[{filled.Row}].tickets", filled.Tier.Tickets),
                        ($"tiers[{filled.Row}].floor", filled.Tier.Floor),
                        ($"tiers[{filled.Row}].ceiling", filled.Tier.Ceiling),
                    }
                ),
        ];
        return texts.Select(pair => KeyValuePair.Create(pair.Field, pair.Text?.Trim() ?? ""));
    }
}
