using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Pricing;

/// <summary>A row of the history: what a tier's tickets cost from <paramref name="At"/> on.</summary>
/// <param name="Version">Of the event from then on.</param>
/// <param name="From">Null when it is the first price.</param>
internal sealed record PriceChange(Guid EventId, long Version, Guid TierId, DateTimeOffset At, long? From, long To, PriceCause Cause)
{
    /// <summary>The prices that differ between an event and the same event after a change. Until it is published nobody was quoted any.</summary>
    /// <param name="cause">For each tier.</param>
    public static List<PriceChange> Between(Event before, Event after, Func<Tier, PriceCause> cause, DateTimeOffset at)
    {
        if (!after.IsPublished)
        {
            return [];
        }

        var known = before.IsPublished ? before.Tiers.ToDictionary(tier => tier.Id) : [];
        return
        [
            .. after
                .Tiers.Select(tier => (Tier: tier, From: known.GetValueOrDefault(tier.Id)?.Price))
                .Where(pair => pair.From != pair.Tier.Price)
                .Select(pair => new PriceChange(
                    after.Id,
                    after.Version,
                    pair.Tier.Id,
                    at,
                    pair.From,
                    pair.Tier.Price,
                    pair.From is null ? cause(pair.Tier) with { Reason = PriceChangeReason.Published } : cause(pair.Tier)
                )),
        ];
    }
}

/// <summary>Why a price changed; stored with it as it is.</summary>
/// <param name="By">Null when demand did it.</param>
/// <param name="Figures">What demand did it on.</param>
internal sealed record PriceCause(
    PriceChangeReason Reason,
    Actor? By = null,
    decimal? Percentage = null,
    string? Note = null,
    PriceReasons? Figures = null
);

/// <summary>A row of the policies' history.</summary>
internal sealed record PolicyChange(Guid EventId, long Version, DateTimeOffset At, Actor By, PricingPolicy Before, PricingPolicy After);

/// <summary>Tickets of a tier that were taken, sold or given back in one minute: by how much its counters changed.</summary>
/// <param name="Minute">Since 0001-01-01.</param>
internal readonly record struct DemandMinute(long Minute, Guid TierId, int Held, int Sold)
{
    public int Taken => Held + Sold;

    public static long Of(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute;

    public static DateTimeOffset TimeOf(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}

/// <summary>Causes and policies as both stores keep them.</summary>
internal static class PricingJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
