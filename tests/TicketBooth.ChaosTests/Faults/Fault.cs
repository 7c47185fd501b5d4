namespace TicketBooth.ChaosTests.Faults;

/// <summary>Something that goes wrong, and is over when its task is.</summary>
/// <param name="Name">For the table and for <c>--only</c>.</param>
/// <param name="Weight">How often, beside the others.</param>
/// <param name="RunAsync">With dice of its own, so that the same seed gives the same faults.</param>
internal sealed record Fault(string Name, int Weight, Func<Random, Task> RunAsync);
