namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Something that a check found. Two are equal when they say the same.</summary>
/// <param name="Promise"><c>I1</c> to <c>I8</c>.</param>
/// <param name="Text">What is wrong, for people.</param>
public sealed record Violation(string Promise, string Text)
{
    /// <summary>
    /// What has one right state, and is safe to put right by itself: does it, and tells whether it is right now. Null when a person must
    /// decide.
    /// </summary>
    public Func<CancellationToken, Task<bool>>? Repair { get; init; }

    public bool Equals(Violation? other) => other is not null && (other.Promise, other.Text) == (Promise, Text);

    public override int GetHashCode() => HashCode.Combine(Promise, Text);
}

/// <summary>What the checks counted, and every violation they found.</summary>
/// <param name="rest">
/// Where a host serves meanwhile: awaited between two steps of a check, so that it gives way. None for the command <c>audit</c>.
/// </param>
public sealed class InvariantReport(Func<CancellationToken, Task>? rest = null)
{
    private readonly List<(string Promise, string Name, long Value)> figures = [];
    private readonly List<Violation> violations = [];

    /// <summary>Whether a host serves meanwhile. What its workers do within seconds is late then, and not only stored.</summary>
    public bool IsServed => rest is not null;

    /// <summary>In the order in which they were counted.</summary>
    public IReadOnlyList<(string Promise, string Name, long Value)> Figures => figures;

    public IReadOnlyList<Violation> Violations => violations;

    /// <param name="promise"><c>I1</c> to <c>I8</c>.</param>
    /// <param name="name">What was counted, for people.</param>
    /// <param name="value">The count.</param>
    public void Count(string promise, string name, long value) => figures.Add((promise, name, value));

    /// <param name="promise"><c>I1</c> to <c>I8</c>.</param>
    /// <param name="text">What is wrong.</param>
    /// <param name="repair">See <see cref="Violation.Repair"/>.</param>
    public void Violation(string promise, string text, Func<CancellationToken, Task<bool>>? repair = null) =>
        violations.Add(new Violation(promise, text) { Repair = repair });

    /// <summary>Adds a violation unless <paramref name="holds"/>.</summary>
    public void Expect(bool holds, string promise, FormattableString text, Func<CancellationToken, Task<bool>>? repair = null)
    {
        if (!holds)
        {
            Violation(promise, FormattableString.Invariant(text), repair);
        }
    }

    /// <summary>Ends a step: a page that was read, an event that was counted.</summary>
    public Task StepAsync(CancellationToken cancellationToken) => rest?.Invoke(cancellationToken) ?? Task.CompletedTask;
}
