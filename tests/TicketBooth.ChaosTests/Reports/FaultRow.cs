namespace TicketBooth.ChaosTests.Reports;

/// <summary>A fault in the table.</summary>
internal sealed class FaultRow(string name)
{
    public string Name => name;

    public int Times { get; set; }

    public List<string> Violations { get; } = [];

    /// <summary>From the end of the fault until a purchase went through from order to dashboard.</summary>
    public TimeSpan WorstCatchUp { get; set; }
}
