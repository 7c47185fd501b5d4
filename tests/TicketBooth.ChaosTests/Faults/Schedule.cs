namespace TicketBooth.ChaosTests.Faults;

/// <summary>
/// Which fault comes next: a deck in which each fault lies as often as its weight, shuffled by the seed, and shuffled anew when it is
/// through. So a short run has met every fault before it meets one too often.
/// </summary>
internal sealed class Schedule(IReadOnlyList<Fault> faults, int seed)
{
    private readonly Random shuffle = new(seed);
    private readonly Queue<Fault> deck = new();
    private int dealt;

    /// <returns>The fault and its dice.</returns>
    public (Fault Fault, Random Dice) Next()
    {
        if (deck.Count == 0)
        {
            var cards = faults.SelectMany(fault => Enumerable.Repeat(fault, fault.Weight)).ToArray();
            shuffle.Shuffle(cards);
            foreach (var card in cards)
            {
                deck.Enqueue(card);
            }
        }

        return (deck.Dequeue(), new Random((seed * 100_003) + dealt++));
    }
}
