namespace TicketBooth.LoadTests.Reports;

/// <summary>What a scenario has measured: figures in the order in which they came.</summary>
internal sealed class Report(string scenario, Plan plan)
{
    private readonly List<Figure> figures = [];
    private readonly List<string> faults = [];

    public string Scenario => scenario;

    public Plan Plan => plan;

    public DateTimeOffset At { get; } = TimeProvider.System.GetUtcNow();

    public IReadOnlyList<Figure> Figures => figures;

    /// <summary>What was wrong with what the host did; its figures mean nothing then.</summary>
    public IReadOnlyList<string> Faults => faults;

    public void Add(string name, string unit, double value)
    {
        var figure = figures.Find(figure => figure.Name == name);
        if (figure is null)
        {
            figures.Add(figure = new Figure(name, unit));
        }

        figure.Add(value);
    }

    /// <summary>Notes a fault where something does not hold.</summary>
    public void Require(bool holds, string fault)
    {
        if (!holds && !faults.Contains(fault))
        {
            faults.Add(fault);
        }
    }

    /// <summary>As a table of Markdown, which also reads well in a terminal.</summary>
    public string ToTable()
    {
        var hasTargets = Measures.Targets.Any(target => target.Scenario == scenario);
        List<string[]> rows =
        [
            ["figure", "median", "lowest", "highest", .. hasTargets ? ["before", "must", "aim"] : Array.Empty<string>()],
        ];
        foreach (var figure in figures)
        {
            var target = Measures.TargetOf(scenario, figure.Name);
            string[] targets = hasTargets ? [target?.Before ?? "", target?.Must ?? "", target?.Aim ?? ""] : [];
            rows.Add([
                figure.Name,
                figure.Show(figure.Median),
                figure.Show(figure.Values.Min()),
                figure.Show(figure.Values.Max()),
                .. targets,
            ]);
        }

        return Table.Of(rows);
    }
}
