using System.CommandLine;
using System.Globalization;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Reports;
using TicketBooth.LoadTests.Scenarios;

namespace TicketBooth.LoadTests;

/// <summary>What this program can be told. <c>tests/bench --help</c> prints it.</summary>
internal static class CommandLine
{
    private static readonly Option<int> rounds = Number("--rounds", 5, "How often everything is measured; the medians count.");
    private static readonly Option<int> seconds = Number("--seconds", 5, "How long each load lasts.");
    private static readonly Option<int> connections = Number("--connections", 100, "Requests in flight.");
    private static readonly Option<int> seed = Number("--seed", 1, "Of everything that is left to chance.");
    private static readonly Option<int> orders = Number("--orders", 1_000_000, "growth: orders of the past.");
    private static readonly Option<int> events = Number("--events", 50, "growth: events of the past.");
    private static readonly Option<int> minutes = Number("--minutes", 30, "soak: how long.");

    private static readonly Option<bool> write = new("--write")
    {
        Description = "Writes the tables into docs/performance.md.",
        Recursive = true,
    };

    private static readonly IScenario[] scenarios =
    [
        new PurchaseScenario(),
        new HotTicketScenario(),
        new SellOutScenario(),
        new BrowseScenario(),
        new MixedScenario(),
        new HumanScenario(),
        new DoorScenario(),
        new GrowthScenario(),
        new SoakScenario(),
        new ObserveScenario(),
        new DistributedScenario(),
    ];

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures a TicketBooth host. docs/performance.md says how, and what came out.");
        foreach (var option in (Option[])[rounds, seconds, connections, seed, orders, events, minutes, write])
        {
            root.Add(option);
        }

        foreach (var scenario in scenarios)
        {
            root.Add(Measure(scenario.Name, scenario.Description, [scenario]));
        }

        root.Add(Measure("all", "All of these, one after the other.", scenarios));
        root.Add(Other("adjust", "A price adjustment of 10,000 tickets: how soon readers see it.", _ => Adjustment.RunAsync()));
        root.Add(
            Other("dashboard", "The figures of the back office over --orders orders.", parsed =>
                Dashboard.RunAsync(parsed.GetValue(orders))
            )
        );
        var bare = Other(BareHost.Verb, "Serves the bare route.", _ => BareHost.ServeAsync());
        bare.Hidden = true;
        root.Add(bare);

        // A signal ends the process as it ends any other.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static Command Measure(string name, string description, IScenario[] which) =>
        Other(name, description, parsed => Bench.RunAsync(which, PlanOf(parsed), parsed.GetValue(write)));

    private static Command Other(string name, string description, Func<ParseResult, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, _) => run(parsed));
        return command;
    }

    private static Plan PlanOf(ParseResult parsed) =>
        new()
        {
            Rounds = parsed.GetValue(rounds),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            Connections = parsed.GetValue(connections),
            Seed = parsed.GetValue(seed),
            Orders = parsed.GetValue(orders),
            Events = parsed.GetValue(events),
            Minutes = parsed.GetValue(minutes),
        };

    private static Option<int> Number(string name, int otherwise, string description)
    {
        var option = new Option<int>(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} {otherwise} without it."),
            DefaultValueFactory = _ => otherwise,
            Recursive = true,
        };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 1)
            {
                given.AddError($"{name} must be at least 1.");
            }
        });
        return option;
    }
}
