using System.Text.Json.Nodes;

namespace TicketBooth.ChaosTests.Loads;

/// <summary>What came back of a request.</summary>
/// <param name="Status">Null when nothing did.</param>
internal sealed record Answer(int? Status, JsonObject Body)
{
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>The request was done, or not: nobody can tell. A 5xx says no more than silence, and one that is in progress has no end yet.</summary>
    public bool IsOpen => Status is null or >= 500 || Code == "request-in-progress";

    public string? Code => (string?)Body["code"];

    public override string ToString() => $"{Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"} {Body.ToJsonString()}";
}
