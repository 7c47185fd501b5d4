namespace TicketBooth.LoadTests.Reports;

/// <summary>The figures that have a target, with what they were when the targets were set (commit 9e4621d).</summary>
internal static class Measures
{
    public const string SettledPerBare = "CPU per settled order / bare route";
    public const string SettledPerLive = "CPU per settled order / live";
    public const string RatePerBare = "order rate, followers at most 1 s behind / bare route's rate";
    public const string BehindAtEnd = "followers behind at the end";
    public const string MePerBare = "me / bare route, CPU";
    public const string OrderP99 = "order request, p99";
    public const string RefusalPerMe = "refusal / me, CPU";
    public const string HotRatePerMe = "hot ticket rate / me's rate";
    public const string MixedMean = "5,550/s: mean";
    public const string MixedP99 = "5,550/s: p99";
    public const string Memory = "memory, the most";
    public const string GrowthRate = "order rate / with 10,000 of the past";
    public const string DistributedPerInserts = "order rate / bare inserts";
    public const string CheckInRate = "check-ins";
    public const string PdfMedian = "PDF of 10 tickets, median";
    public const string MailsQueued = "10,000 mails of a canceled event queued after";
    public const string AllPaid = "all sold and paid after";

    public static IReadOnlyList<Target> Targets { get; } =
    [
        new("purchase", SettledPerBare, "19 x", "8 x", "5 x"),
        new("purchase", SettledPerLive, "12 x", "6 x", "4 x"),
        new("purchase", RatePerBare, "0.13 x on credit", "0.25 x", "0.35 x"),
        new("purchase", BehindAtEnd, "6-15 s", "1 s", "1 s"),
        new("purchase", MePerBare, "2.7 x", "1.8 x", "1.5 x"),
        new("purchase", OrderP99, "40-47 ms", "20 ms", "10 ms"),
        new("hot-ticket", RefusalPerMe, "2 x", "1.5 x", "1.3 x"),
        new("hot-ticket", HotRatePerMe, "0.48 x", "0.7 x", "0.8 x"),
        new("mixed", MixedMean, "not measured", "20 ms", "5 ms"),
        new("mixed", MixedP99, "not measured", "100 ms", "30 ms"),
        new("growth", GrowthRate, "not measured", "0.9 x", "0.97 x"),
        new("growth", Memory, "not measured", "400 MB", "300 MB"),
        new("distributed", DistributedPerInserts, "0.24 x", "0.5 x", "0.7 x"),
        new("door", CheckInRate, "not measured", "", "5,000 /s"),
        new("door", PdfMedian, "not measured", "", "200 ms"),
        new("door", MailsQueued, "not measured", "", "2 s"),
        new("sell-out", AllPaid, "10.5 s", "6 s", "4 s"),
    ];

    public static Target? TargetOf(string scenario, string figure) =>
        Targets.FirstOrDefault(target => target.Scenario == scenario && target.Figure == figure);

    /// <summary>The targets beside what was measured, as far as it was.</summary>
    /// <param name="medians">By scenario and figure.</param>
    public static string Compare(IReadOnlyDictionary<(string Scenario, string Figure), Figure> medians)
    {
        List<string[]> rows =
        [
            ["measure", "scenario", "before", "must", "aim", "now"],
        ];
        foreach (var target in Targets)
        {
            var now = medians.TryGetValue((target.Scenario, target.Figure), out var figure) ? figure.Show(figure.Median) : "";
            rows.Add([target.Figure, target.Scenario, target.Before, target.Must, target.Aim, now]);
        }

        return Table.Of(rows);
    }
}

/// <param name="Before">What it was when the target was set.</param>
/// <param name="Must">What it has to reach.</param>
/// <param name="Aim">What it should reach.</param>
internal sealed record Target(string Scenario, string Figure, string Before, string Must, string Aim);
