namespace TicketBooth.Admissions.Domain;

/// <summary>How messages about orders make tickets and take them back.</summary>
internal static class IssueRules
{
    /// <summary>The ticket whose code is live among all that were made of one number; null when nobody has paid for it.</summary>
    /// <remarks>
    /// Messages of different orders overtake each other. While the former order's refund is not known, two orders have the ticket, and the
    /// later code counts.
    /// </remarks>
    public static IssuedTicket? Live(IEnumerable<IssuedTicket> ofNumber) =>
        ofNumber.Where(ticket => ticket.IsActive).MaxBy(ticket => ticket.Generation);

    public static int NextGeneration(IEnumerable<IssuedTicket> ofNumber) =>
        ofNumber.Select(ticket => ticket.Generation).DefaultIfEmpty(0).Max() + 1;

    /// <summary>What is to be written; nothing for a message that is known already.</summary>
    /// <param name="known">Every ticket of the numbers that the order has.</param>
    public static IReadOnlyList<IssuedTicket> Apply(IEnumerable<IssuedTicket> known, OrderTickets order)
    {
        var byNumber = known.ToLookup(ticket => ticket.Number);
        return [.. order.Tickets.Select(ticket => Apply([.. byNumber[ticket.Number]], order, ticket)).OfType<IssuedTicket>()];
    }

    private static IssuedTicket? Apply(List<IssuedTicket> ofNumber, OrderTickets order, OrderTicket ticket)
    {
        var own = ofNumber.Find(issued => issued.OrderId == order.OrderId);
        if (own is not null && own.Revision >= order.Revision)
        {
            return null;
        }

        var isActive = order.IsPaid && !ticket.IsReleased;
        if (own is null)
        {
            return new IssuedTicket(order.EventId, ticket.Number, order.OrderId)
            {
                TierId = ticket.TierId,
                Price = ticket.Price,
                Currency = order.Currency,
                BuyerId = order.BuyerId,
                Revision = order.Revision,
                IsActive = isActive,
                Generation = NextGeneration(ofNumber),
            };
        }

        var next = own with { Revision = order.Revision, IsActive = isActive, Version = own.Version + 1 };
        return isActive == own.IsActive ? next
            : isActive ? next.Reissued(NextGeneration(ofNumber))
            : next with { Code = null, TransferId = null, TransferEmail = null };
    }
}
