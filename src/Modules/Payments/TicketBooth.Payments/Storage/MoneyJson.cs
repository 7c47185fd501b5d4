using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage;

/// <summary>
/// Money as both stores keep it: a JSON object that a person can read there. Its first fields are there for indexes: <c>due</c> while a
/// refund must be asked for, <c>case</c> while or since a person should look (true or false), <c>moved</c> when the last capture came or
/// the last refund ended, and <c>givenUp</c> when the gateway is told next to end it, both in UTC ticks.
/// </summary>
internal static class MoneyJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new ValueListJson() },
    };

    private sealed record Stored(
        bool? Due,
        bool? Case,
        long? Moved,
        long? GivenUp,
        long? GivenUpAt,
        ValueList<Capture>? Captures,
        ValueList<Refund>? Refunds,
        ValueList<Dispute>? Disputes,
        NextAction? NextAction,
        string? PixCode,
        string? Token
    );

    public static string? Write(Payment payment) =>
        payment.Recorded is { } money
            ? JsonSerializer.Serialize(
                new Stored(
                    payment.AwaitsRefund ? true : null,
                    MoneyCases.IsOpen(payment),
                    LastMoveOf(money),
                    money.GivenUp?.NextTry.UtcTicks,
                    money.GivenUp?.At.UtcTicks,
                    NotEmpty(money.Captures),
                    NotEmpty(money.Refunds),
                    NotEmpty(money.Disputes),
                    money.NextAction,
                    money.PixCode,
                    money.TokenMark
                ),
                Options
            )
            : null;

    public static MoneyOnRecord? Read(string? json) =>
        json is null || JsonSerializer.Deserialize<Stored>(json, Options) is not { } stored
            ? null
            : new(stored.Captures ?? [], stored.Refunds ?? [], stored.Disputes ?? [])
            {
                NextAction = stored.NextAction,
                PixCode = stored.PixCode,
                TokenMark = stored.Token,
                GivenUp = stored is { GivenUp: { } next, GivenUpAt: { } at } ? new GivenUp(TimeOf(at), TimeOf(next)) : null,
            };

    public static string Write(UnmatchedMoney money) => JsonSerializer.Serialize(money, Options);

    public static UnmatchedMoney ReadUnmatched(string json) => JsonSerializer.Deserialize<UnmatchedMoney>(json, Options)!;

    private static DateTimeOffset TimeOf(long ticks) => new(ticks, TimeSpan.Zero);

    private static long? LastMoveOf(MoneyOnRecord money) =>
        money
            .Captures.Select(capture => (DateTimeOffset?)capture.At)
            .Concat(money.Refunds.Select(refund => refund.EndedAt))
            .Max()
            ?.UtcTicks;

    private static ValueList<T>? NotEmpty<T>(ValueList<T> list) => list.Count == 0 ? null : list;
}
