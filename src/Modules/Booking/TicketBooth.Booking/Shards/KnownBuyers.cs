using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// The buyers who have ordered through a lane before. Only spares a write that the store would refuse: what they have is read before they
/// get more. For everybody else the lane proposes a first order, without a read.
/// </summary>
internal sealed class KnownBuyers
{
    private const int MostKept = 100_000;

    private readonly HashSet<BuyerOfEvent> buyers = [];

    public bool Contains(BuyerOfEvent buyer) => buyers.Contains(buyer);

    public void Add(BuyerOfEvent buyer)
    {
        if (buyers.Count >= MostKept)
        {
            buyers.Clear();
        }

        buyers.Add(buyer);
    }
}
