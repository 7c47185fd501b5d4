namespace TicketBooth.LoadTests.Hosts;

/// <summary>What is done before something is measured: several at once, because the host writes them together.</summary>
internal static class Preparing
{
    private const int AtOnce = 32;

    public static Task ForAsync(int count, Func<int, Task> one) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await one(number));
}
