using System.Collections.Concurrent;
using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// The buyers who have ordered through a lane before. Only spares a write that the store would refuse: what they have is read before they
/// get more. For everybody else the lane proposes a first order, without a read. The lane adds; everybody may look.
/// </summary>
internal sealed class KnownBuyers
{
    private const int MostKept = 100_000;

    private readonly ConcurrentDictionary<BuyerOfEvent, bool> buyers = new();
    private int kept;

    public bool Contains(BuyerOfEvent buyer) => buyers.ContainsKey(buyer);

    public void Add(BuyerOfEvent buyer)
    {
        if (kept >= MostKept)
        {
            Clear();
        }

        kept += buyers.TryAdd(buyer, true) ? 1 : 0;
    }

    /// <summary>Forgets all of them. By the lane.</summary>
    public void Clear()
    {
        buyers.Clear();
        kept = 0;
    }
}
