using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain;

/// <summary>What is known of tickets that staff took off sale, according to Booking's messages.</summary>
/// <param name="Revision">Of two messages about one block the higher revision holds, whichever arrived first.</param>
/// <param name="IsWithdrawn">They are never sold. Otherwise they are on hold, and may be released.</param>
/// <param name="Tickets">None once they were released.</param>
internal sealed record KnownBlock(Guid Id, int Revision, bool IsWithdrawn, IReadOnlyList<TicketRange> Tickets)
{
    public static KnownBlock Of(TicketBlockChanged message) =>
        new(
            message.BlockId,
            message.Revision,
            message.Kind == TicketBlockKind.Kill,
            message.IsReleased ? [] : [.. message.Tickets.Select(range => new TicketRange(range.First, range.Last - range.First + 1))]
        );

    /// <summary>A method, because properties are stored.</summary>
    public IEnumerable<int> Numbers() => Tickets.SelectMany(range => Enumerable.Range(range.First, range.Count));
}

/// <summary>How an event follows what staff take off sale.</summary>
internal static class EventBlocks
{
    /// <summary>The event with a block as a message states it; unchanged when the message is not newer than what is known.</summary>
    /// <remarks>
    /// Withdrawn tickets count as an edit, because a tier has fewer tickets after it: whoever edits the former number would release others
    /// in their place without knowing it.
    /// </remarks>
    public static Event Follow(this Event followed, KnownBlock block)
    {
        if (followed.Blocks.Any(known => known.Id == block.Id && known.Revision >= block.Revision))
        {
            return followed;
        }

        KnownBlock[] blocks = [.. followed.Blocks.Where(known => known.Id != block.Id), block];
        return followed with
        {
            Version = followed.Version + 1,
            Revision = followed.Revision + (block.IsWithdrawn ? 1 : 0),
            Blocks = blocks,
            Tiers = [.. followed.Tiers.Select(tier => tier.Without(blocks))],
        };
    }

    /// <summary>The blocked tickets of an event, and whether they are withdrawn for good.</summary>
    public static IReadOnlyDictionary<int, bool> BlockedTickets(this Event shown)
    {
        var blocked = new Dictionary<int, bool>();
        foreach (var block in shown.Blocks)
        {
            foreach (var number in block.Numbers())
            {
                blocked[number] = block.IsWithdrawn || blocked.GetValueOrDefault(number);
            }
        }

        return blocked;
    }

    /// <summary>The tier with its counters of blocked tickets.</summary>
    public static Tier Without(this Tier tier, IReadOnlyList<KnownBlock> blocks) =>
        tier with
        {
            OffSale = blocks.Where(block => !block.IsWithdrawn).Sum(block => CountIn(tier, block)),
            Withdrawn = blocks.Where(block => block.IsWithdrawn).Sum(block => CountIn(tier, block)),
        };

    private static int CountIn(Tier tier, KnownBlock block) => block.Numbers().Count(tier.Has);
}
