namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>One module's part of the command <c>audit</c>: checks the promises I1-I8 on the stored data.</summary>
/// <remarks>A check only reads. It may query other modules through their contracts, to compare both sides of a promise.</remarks>
public interface IInvariantCheck
{
    Task RunAsync(InvariantReport report, CancellationToken cancellationToken);
}

/// <summary>What the checks counted, and every violation they found.</summary>
public sealed class InvariantReport
{
    private readonly List<(string Promise, string Name, long Value)> figures = [];
    private readonly List<(string Promise, string Text)> violations = [];

    /// <summary>In the order in which they were counted.</summary>
    public IReadOnlyList<(string Promise, string Name, long Value)> Figures => figures;

    public IReadOnlyList<(string Promise, string Text)> Violations => violations;

    /// <param name="promise"><c>I1</c> to <c>I8</c>.</param>
    /// <param name="name">What was counted, for people.</param>
    /// <param name="value">The count.</param>
    public void Count(string promise, string name, long value) => figures.Add((promise, name, value));

    public void Violation(string promise, string text) => violations.Add((promise, text));

    /// <summary>Adds a violation unless <paramref name="holds"/>.</summary>
    public void Expect(bool holds, string promise, FormattableString text)
    {
        if (!holds)
        {
            Violation(promise, FormattableString.Invariant(text));
        }
    }
}
