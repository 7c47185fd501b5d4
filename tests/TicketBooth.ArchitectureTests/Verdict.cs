namespace TicketBooth.ArchitectureTests;

/// <summary>What a rule looked at, and what it found wrong with whom.</summary>
internal sealed record Verdict(IReadOnlyList<string> Subjects, IReadOnlyList<string> Offenders)
{
    /// <param name="subjects">Everything that the rule judges.</param>
    /// <param name="name">How a subject is called in the message.</param>
    /// <param name="faults">What is wrong with a subject; nothing when it is innocent.</param>
    public static Verdict On<T>(IEnumerable<T> subjects, Func<T, string> name, Func<T, IEnumerable<string>> faults)
    {
        var all = subjects.ToList();
        return new Verdict(
            [.. all.Select(name)],
            [.. all.SelectMany(subject => faults(subject).Select(fault => $"{name(subject)} {fault}")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    /// <summary>A rule that looks at nothing holds nothing: that is a failure too.</summary>
    public void MustHold()
    {
        Assert.That(Subjects, Is.Not.Empty, "The rule found nothing to judge.");
        Assert.That(Offenders, Is.Empty, string.Join(Environment.NewLine, Offenders));
    }
}
