using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TicketBooth.ChaosTests.Faults;
using TicketBooth.ChaosTests.Houses;
using TicketBooth.ChaosTests.Loads;
using TicketBooth.ChaosTests.Reports;
using TicketBooth.ChaosTests.Telling;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests;

/// <summary>What <c>tests/chaos</c> can be told.</summary>
internal sealed record ChaosOptions(string Profile, double Minutes, int Seed, IReadOnlyList<string> Only)
{
    public const string Usage = """
        tests/chaos --profile embedded|distributed --minutes N --seed S [--only fault,…]
        Breaks a ticket office again and again while people use it, and checks that nothing is lost or doubled (docs/reliability.md).
        """;

    /// <returns>Null for words that make no sense.</returns>
    public static ChaosOptions? Parse(string[] words)
    {
        var options = new ChaosOptions("embedded", 10, 1, []);
        for (var i = 0; i < words.Length; i += 2)
        {
            var value = i + 1 < words.Length ? words[i + 1] : "";
            options = (words[i], value) switch
            {
                ("--profile", "embedded" or "distributed") => options with { Profile = value },
                ("--minutes", _) when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) => options with { Minutes = minutes },
                ("--seed", _) when int.TryParse(value, CultureInfo.InvariantCulture, out var seed) => options with { Seed = seed },
                ("--only", not "") => options with { Only = value.Split(',', StringSplitOptions.TrimEntries) },
                _ => null,
            };
            if (options is null)
            {
                return null;
            }
        }

        return options;
    }
}

internal static class CommandLine
{
    private const double SandboxShare = 0.8;

    // A day's sale on a machine with two cores, most of which the faults and the hosts' starts need.
    private static readonly LoadPlan plan = new(Buyers: 10, Tickets: 1_500, Shows: 3, Pause: TimeSpan.FromMilliseconds(250));

    /// <returns>The exit code: 1 after a violation, 2 for wrong words.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (ChaosOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(ChaosOptions.Usage);
            return 2;
        }

        var commit = (await Run.TryAsync("git", "-C", SourceTree.Root, "rev-parse", "--short", "HEAD")).Output.Trim();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Profile}, {options.Minutes} minutes, seed {options.Seed}, commit {commit}"));
        var report = new ChaosReport(options.Profile, options.Seed, commit);
        var watch = Stopwatch.StartNew();
        var isEnough = false;
        // Who ends it early gets what there is: the last fault, the look at everything, and the table.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        bool IsOver(double share) => isEnough || watch.Elapsed.TotalMinutes >= options.Minutes * share;
        if (options.Profile == "embedded")
        {
            // Two offices, one after the other: the sandbox is in the host and never away, the stand-in of Stripe is somewhere else.
            await EmbeddedAsync(options, report, () => IsOver(SandboxShare), isStripe: false);
            await EmbeddedAsync(options, report, () => IsOver(1), isStripe: true);
        }
        else
        {
            await DistributedAsync(options, report, () => IsOver(1));
        }

        if (report.Rows.Count == 0)
        {
            await Console.Error.WriteLineAsync("There is no such fault here.");
            return 2;
        }

        foreach (var (failure, count) in report.Outages.Failures)
        {
            Console.WriteLine($"Not 503 ({count} times): {failure}");
        }

        var table = report.ToTable();
        Console.WriteLine(table);
        var json = report.ToJson();
        Console.WriteLine(json);
        var results = Directory.CreateDirectory(Path.Combine(SourceTree.Root, "artifacts", "chaos"));
        await File.AppendAllTextAsync(Path.Combine(results.FullName, "results.jsonl"), json + Environment.NewLine);
        foreach (var (row, violation) in report.Rows.SelectMany(row => row.Violations.Select(violation => (row.Name, violation))))
        {
            Console.WriteLine($"VIOLATION ({row}): {violation}");
        }

        return report.Violations == 0 ? 0 : 1;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            isEnough = true;
        }
    }

    private static async Task EmbeddedAsync(ChaosOptions options, ChaosReport report, Func<bool> isOver, bool isStripe)
    {
        var ledger = new Ledger();
        await using var house = await EmbeddedHouse.StartAsync(megabytes: 2_000, isStripe);
        await using var load = new Load(house, ledger, report.Outages, plan, options.Seed);
        var all = new EmbeddedFaults(house, load, ledger, FaultTimes.Whole);
        if (Chosen(isStripe ? all.OfGateway : all.All, options) is { Count: > 0 } faults)
        {
            await new ChaosRun(house, ledger, load, report, Console.Out).GoAsync(new Schedule(faults, options.Seed), isOver);
        }
    }

    private static async Task DistributedAsync(ChaosOptions options, ChaosReport report, Func<bool> isOver)
    {
        var ledger = new Ledger();
        await using var house = await DistributedHouse.StartAsync();
        await using var load = new Load(house, ledger, report.Outages, plan, options.Seed);
        var faults = Chosen(new DistributedFaults(house, ledger, FaultTimes.Whole).All, options);
        await new ChaosRun(house, ledger, load, report, Console.Out).GoAsync(new Schedule(faults, options.Seed), isOver);
    }

    private static IReadOnlyList<Fault> Chosen(IReadOnlyList<Fault> all, ChaosOptions options)
    {
        var chosen = all.Where(fault => options.Only.Count == 0 || options.Only.Contains(fault.Name, StringComparer.Ordinal)).ToList();
        Console.WriteLine($"Faults: {string.Join(", ", chosen.Select(fault => $"{fault.Name} x{fault.Weight}"))}");
        return chosen;
    }
}
