using System.Diagnostics;
using System.Globalization;
using TicketBooth.ChaosTests.Checking;
using TicketBooth.ChaosTests.Faults;
using TicketBooth.ChaosTests.Houses;
using TicketBooth.ChaosTests.Loads;
using TicketBooth.ChaosTests.Reports;
using TicketBooth.ChaosTests.Telling;

namespace TicketBooth.ChaosTests;

/// <summary>One house, its people, and one fault after the other; after each a look at the stores, at the end at everything.</summary>
internal sealed class ChaosRun(IHouse house, Ledger ledger, Load load, ChaosReport report, TextWriter log)
{
    private const int FaultsBetweenAudits = 25;

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan lookAgain = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private int faults;

    /// <summary>Until it <paramref name="isOver"/>, which is asked before each fault.</summary>
    public async Task GoAsync(Schedule schedule, Func<bool> isOver)
    {
        var began = Stopwatch.StartNew();
        try
        {
            await load.StartAsync();
            while (!isOver())
            {
                var (fault, dice) = schedule.Next();
                await Task.Delay(TimeSpan.FromSeconds(0.3 + (dice.NextDouble() * 1.5)));
                await SufferAsync(fault, dice);
            }

            await EndAsync();
        }
        finally
        {
            report.Took += began.Elapsed;
            report.Orders += ledger.Orders;
        }
    }

    private async Task SufferAsync(Fault fault, Random dice)
    {
        var row = report.Row(fault.Name);
        row.Times++;
        report.Outages.Fault = fault.Name;
        var began = Stopwatch.StartNew();
        await fault.RunAsync(dice);
        var lasted = began.Elapsed;
        if (!await load.BuyOneAsync(patience))
        {
            Found(row, [$"no purchase went through within {patience} after the fault. {string.Join(Environment.NewLine, house.Hosts.Select(host => host.Said))}"]);
        }

        var caughtUp = began.Elapsed - lasted;
        row.WorstCatchUp = row.WorstCatchUp > caughtUp ? row.WorstCatchUp : caughtUp;
        await LookAsync(row);
        if (++faults % FaultsBetweenAudits == 0)
        {
            await AuditAsync(row);
        }

        await log.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{TimeProvider.System.GetUtcNow():HH:mm:ss} {faults,4} {fault.Name}: {lasted.TotalSeconds:F1} s, caught up after {caughtUp.TotalSeconds:F1} s; {ledger.Orders} orders, {report.Violations} violations"
            )
        );
    }

    private async Task LookAsync(FaultRow row)
    {
        var before = ledger.Facts;
        HashSet<string> wrong = [.. Checker.WhileSelling(before, await house.ReadAsync(), ledger.Facts)];
        for (var again = 0; again < 2 && wrong.Count > 0 && !house.ReadsOneMoment; again++)
        {
            wrong.IntersectWith(Checker.WhileSelling(before, await house.ReadAsync(), ledger.Facts));
        }

        Found(row, [.. wrong, .. ledger.Wrong]);
    }

    private async Task AuditAsync(FaultRow row)
    {
        var (exitCode, output) = await house.AuditAsync();
        if (exitCode != 0)
        {
            Found(row, [$"audit ended with {exitCode}: {output}"]);
        }
    }

    private async Task EndAsync()
    {
        var row = report.Row(ChaosReport.AtTheEnd);
        report.Outages.Fault = row.Name;
        await load.StopAsync();
        await house.LetTimePassAsync();

        // Everything is to follow; how soon is another question than whether.
        var waited = Stopwatch.StartNew();
        string[] wrong;
        do
        {
            await Task.Delay(lookAgain);
            wrong = [.. Checker.AtRest(ledger.Facts, await house.ReadAsync(), house.Now)];
        } while (wrong.Length > 0 && waited.Elapsed < patience);

        await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"At rest after {waited.Elapsed.TotalSeconds:F1} s; asking the API"));
        Found(row, wrong);
        Found(row, await ApiCheck.RunAsync(load.Admin, ledger.Facts, await house.ReadAsync()));
        Found(row, ledger.Wrong);
        await AuditAsync(row);
    }

    private void Found(FaultRow row, IEnumerable<string> violations)
    {
        foreach (var violation in violations.Where(known.Add))
        {
            row.Violations.Add(violation);
            log.WriteLine($"VIOLATION ({row.Name}): {violation}");
        }
    }
}
