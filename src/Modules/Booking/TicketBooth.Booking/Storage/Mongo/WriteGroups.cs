using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>Which writes of a batch MongoDB may make in any order.</summary>
internal static class WriteGroups
{
    /// <summary>
    /// The batch in groups whose writes may reach the store in any order: within a group no order is changed twice, no message is applied
    /// twice, and no ticket is both freed and taken. The groups are written one after the other.
    /// </summary>
    public static IEnumerable<List<int>> Split(IReadOnlyList<OrderWrite> writes)
    {
        var group = new List<int>();
        var (changed, messages, freed, taken) = (new HashSet<Guid>(), new HashSet<InboxKey>(), new HashSet<Guid>(), new HashSet<Guid>());
        for (var i = 0; i < writes.Count; i++)
        {
            var (change, inbox, _) = writes[i];
            var tickets = (change.TakesTickets ? change.After.Tickets : change.Freed).Select(ticket => ticket.Id);
            if (
                changed.Contains(change.After.Id)
                || (inbox is { } key && messages.Contains(key))
                || (change.TakesTickets && freed.Count > 0 && tickets.Any(freed.Contains))
                || (change.FreesTickets && tickets.Any(taken.Contains))
            )
            {
                yield return group;
                group = [];
                changed.Clear();
                messages.Clear();
                freed.Clear();
                taken.Clear();
            }

            group.Add(i);
            changed.Add(change.After.Id);
            if (inbox is { } mark)
            {
                messages.Add(mark);
            }

            if (change.TakesTickets)
            {
                taken.UnionWith(tickets);
            }
            else if (change.FreesTickets)
            {
                freed.UnionWith(tickets);
            }
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }
}
