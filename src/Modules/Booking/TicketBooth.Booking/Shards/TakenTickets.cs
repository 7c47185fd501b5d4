using System.Collections.Concurrent;
using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Tickets that several buyers want, and the orders that have them, as a lane has read them from its store. Who wants one of them need not
/// wait in the lane to be refused (ADR 0047). Stays empty where other hosts write the store, too.
/// </summary>
/// <remarks>
/// A refusal must be true at some moment of its request. Only the lane writes the store, and it alone notes and forgets here: it notes a
/// ticket when it has read who has it, and forgets it before it writes anything about that order. So what is found here is still true.
/// Everybody may look.
/// </remarks>
internal sealed class TakenTickets(bool isOnlyWriter)
{
    /// <summary>At about 500 bytes each, 10 MB at the very most.</summary>
    internal const int MostKept = 20_000;

    private readonly ConcurrentDictionary<Guid, Order> holders = new();
    private int kept;

    /// <summary>Whether each of the tickets is another buyer's. False also when that is not known here.</summary>
    public bool AreOfOthers(IReadOnlyList<Guid> ticketIds, Guid buyerId, DateTimeOffset now)
    {
        for (var i = 0; i < ticketIds.Count; i++)
        {
            if (!holders.TryGetValue(ticketIds[i], out var holder) || holder.BuyerId == buyerId || holder.HoldIsOver(now))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The store has just said that the order has this ticket.</summary>
    public void Note(Guid ticketId, Order holder)
    {
        if (!isOnlyWriter)
        {
            return;
        }

        if (kept >= MostKept)
        {
            Clear();
        }

        if (holders.TryAdd(ticketId, holder))
        {
            kept++;
        }
    }

    /// <summary>The lane is about to change the order.</summary>
    public void Forget(Order order)
    {
        foreach (var ticket in order.Tickets)
        {
            if (holders.TryRemove(ticket.Id, out _))
            {
                kept--;
            }
        }
    }

    /// <summary>Forgets all of them. By the lane.</summary>
    public void Clear()
    {
        holders.Clear();
        kept = 0;
    }
}
