using System.Diagnostics;
using System.Globalization;
using TicketBooth.LoadTests.Reports;
using TicketBooth.LoadTests.Scenarios;

namespace TicketBooth.LoadTests;

/// <summary>Measures scenarios, and tells what came out: a table, a line of JSON, and the page of results if it is to be written.</summary>
internal static class Bench
{
    /// <returns>The exit code: 1 when a host did something wrong. No figure is too slow for it.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<IScenario> scenarios, Plan plan, bool isToBeWritten)
    {
        var (isRight, targets) = (true, "");
        foreach (var scenario in scenarios)
        {
            var machine = await Machine.ThisAsync();
            var watch = Stopwatch.StartNew();
            var report = new Report(scenario.Name, plan);
            await scenario.RunAsync(plan, report);
            var description = Describe(report, machine, watch.Elapsed);
            var line = ReportJson.Write(report, machine);
            await ResultsFile.AppendAsync(line);
            targets = Measures.Compare(await ResultsFile.MediansAsync(machine.Commit));
            Console.WriteLine(description + "\n" + line + "\n");
            if (isToBeWritten)
            {
                await PerformancePage.WriteAsync(scenario.Name, description);
                await PerformancePage.WriteAsync("targets", targets);
            }

            isRight &= report.Faults.Count == 0;
        }

        Console.WriteLine(targets);
        return isRight ? 0 : 1;
    }

    private static string Describe(Report report, Machine machine, TimeSpan took)
    {
        var faults = string.Concat(report.Faults.Select(fault => $"**WRONG:** {fault}\n\n"));
        var plan = report.Plan;
        return report.ToTable()
            + string.Create(
                CultureInfo.InvariantCulture,
                $"\n{faults}{report.At:yyyy-MM-dd HH:mm} UTC, {machine}; {plan.Rounds} rounds, seed {plan.Seed}, {took.TotalMinutes:F1} min.\n"
            );
    }
}
