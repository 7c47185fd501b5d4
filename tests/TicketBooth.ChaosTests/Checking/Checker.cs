using TicketBooth.ChaosTests.Telling;

namespace TicketBooth.ChaosTests.Checking;

/// <summary>
/// Holds what was told against what is stored. Pure. <see cref="WhileSelling"/> may be asked at any moment; <see cref="AtRest"/> when
/// nobody asks for anything any more and everything has followed.
/// </summary>
internal static class Checker
{
    /// <param name="before">What had been told when the stores were read.</param>
    /// <param name="stored">What was read then.</param>
    /// <param name="after">What had been told, and asked, after that.</param>
    public static IEnumerable<string> WhileSelling(ToldFacts before, Stored stored, ToldFacts after) =>
        [
            .. Lost(before, stored, after),
            .. Doubled(stored),
            .. BeyondCapacity(before, stored),
            .. UnaskedFor(stored, after),
            .. PaymentsLost(before, stored),
        ];

    /// <param name="now">By the hosts' clock.</param>
    public static IEnumerable<string> AtRest(ToldFacts told, Stored stored, DateTimeOffset now) =>
        [.. WhileSelling(told, stored, told), .. Unfinished(stored, now), .. Money(stored), .. Followers(stored)];

    /// <summary>I2: each order that was told is there, as it was told, and did not go back in time.</summary>
    private static IEnumerable<string> Lost(ToldFacts told, Stored stored, ToldFacts after)
    {
        var orders = stored.Orders.GroupBy(order => order.Id).ToDictionary(group => group.Key, group => group.First());
        foreach (var order in told.Orders.Values)
        {
            if (!orders.TryGetValue(order.Id, out var kept))
            {
                yield return $"order {order.Id} was told ({string.Join(", ", order.Seen)}) and is not stored";
                continue;
            }

            if (
                kept.EventId != order.EventId
                || kept.BuyerId != order.BuyerId
                || kept.Total != order.Total
                || !kept
                    .Tickets.Select(ticket => (ticket.Number, ticket.TierId, ticket.Price))
                    .Order()
                    .SequenceEqual(order.Tickets.Select(ticket => (ticket.Number, ticket.TierId, ticket.Price)).Order())
            )
            {
                yield return $"order {order.Id} is stored otherwise than it was told";
            }

            // Somebody may ask to end it, and have it ended, between what was told before and the reading.
            var isEndAsked = after.Orders[order.Id].EndAsked || after.Events.GetValueOrDefault(order.EventId) is { CancelAsked: true };
            if (WhyNotAfter(order, isEndAsked, kept) is { } reason)
            {
                yield return $"order {order.Id} was told as {string.Join(", ", order.Seen)} and is {kept.Status}: {reason}";
            }

            if (kept.Returned < order.Returned)
            {
                yield return $"of order {order.Id} {order.Returned} was told to go back, and {kept.Returned} does";
            }

            foreach (var refund in order.Refunds.Values)
            {
                if (!kept.Refunds.Any(one => one.Id == refund.Id && one.Amount == refund.Amount && one.Released == refund.Released))
                {
                    yield return $"refund {refund.Id} of {refund.Amount} of order {order.Id} was told and is not stored so";
                }
            }
        }
    }

    private static string? WhyNotAfter(ToldOrder order, bool isEndAsked, StoredOrder kept) =>
        kept.Status switch
        {
            _ when order.Seen.Contains("canceled") && kept.Status != "canceled" => "a canceled order stays so",
            _ when order.Seen.Contains("refunded") && kept.Status != "refunded" => "a refunded order stays so",
            not ("paid" or "refunded") when order.Seen.Contains("paid") => "a paid order stays so, or is refunded",
            "on_payment" when order.Seen.Contains("expired") => "an expired order holds nothing before it is paid",
            "canceled" or "refunded" when !isEndAsked => "nobody asked for that",
            _ => null,
        };

    /// <summary>I1: a ticket is held by one order, and the claims say the same as the orders.</summary>
    private static IEnumerable<string> Doubled(Stored stored)
    {
        foreach (var same in stored.Orders.GroupBy(order => order.Id).Where(group => group.Skip(1).Any()))
        {
            yield return $"order {same.Key} is stored {same.Count()} times";
        }

        var holders = new Dictionary<(Guid EventId, int Number), Guid>();
        foreach (var order in stored.Orders)
        {
            foreach (var ticket in order.Held)
            {
                if (!holders.TryAdd((order.EventId, ticket.Number), order.Id))
                {
                    yield return $"seat {ticket.Number} of event {order.EventId} is in the orders {holders[(order.EventId, ticket.Number)]} and {order.Id}";
                }
            }
        }

        var claimed = stored.Claims.ToLookup(claim => claim.OrderId);
        var held = 0;
        foreach (var order in stored.Orders)
        {
            var count = order.Held.Count();
            held += count;
            if (claimed[order.Id].Count() != count)
            {
                yield return $"order {order.Id} ({order.Status}) holds {count} tickets and has {claimed[order.Id].Count()} claims";
            }
        }

        if (stored.Claims.Count != held)
        {
            yield return $"{held} tickets are held and {stored.Claims.Count} are claimed";
        }

        foreach (var twice in stored.Claims.GroupBy(claim => claim.TicketId).Where(group => group.Skip(1).Any()))
        {
            yield return $"ticket {twice.Key} is claimed {twice.Count()} times";
        }
    }

    /// <summary>I7: nothing is sold beyond what there is.</summary>
    private static IEnumerable<string> BeyondCapacity(ToldFacts told, Stored stored)
    {
        foreach (var sold in stored.Orders.GroupBy(order => order.EventId))
        {
            if (!told.Events.TryGetValue(sold.Key, out var its))
            {
                continue;
            }

            var numbers = sold.SelectMany(order => order.Held).Select(ticket => ticket.Number).ToList();
            if (numbers.Count > its.Tickets || numbers.Exists(number => number < 1 || number > its.Tickets))
            {
                yield return $"event {its.Id} has {its.Tickets} tickets, and {numbers.Count} up to number {numbers.Max()} are held";
            }
        }
    }

    /// <summary>Nobody has an order that they did not ask for.</summary>
    private static IEnumerable<string> UnaskedFor(Stored stored, ToldFacts told)
    {
        foreach (var more in stored.Orders.Where(order => !told.Orders.ContainsKey(order.Id)).GroupBy(order => order.BuyerId))
        {
            var open = told.OpenRequests.GetValueOrDefault(more.Key);
            if (more.Count() > open)
            {
                yield return $"buyer {more.Key} has {more.Count()} orders that were not told, of {open} requests without an answer: {more.First().Id}";
            }
        }
    }

    private static IEnumerable<string> PaymentsLost(ToldFacts told, Stored stored)
    {
        var payments = stored.Payments.ToDictionary(payment => payment.Id);
        foreach (var order in told.Orders.Values)
        {
            foreach (var paymentId in order.Payments)
            {
                if (!payments.TryGetValue(paymentId, out var payment))
                {
                    yield return $"payment {paymentId} of order {order.Id} was accepted and is not stored";
                }
                else if (payment.OrderId != order.Id || payment.Amount != order.Total)
                {
                    yield return $"payment {paymentId} is of {payment.Amount} for order {payment.OrderId}, not of {order.Total} for {order.Id}";
                }
            }
        }
    }

    private static IEnumerable<string> Unfinished(Stored stored, DateTimeOffset now)
    {
        foreach (var order in stored.Orders.Where(order => order.Status == "on_payment" && order.ExpiresAt < now))
        {
            yield return $"the hold of order {order.Id} ended at {order.ExpiresAt:HH:mm:ss}, and it still holds its tickets";
        }

        var canceled = stored.Events.Where(one => one.IsCanceled).Select(one => one.Id).ToHashSet();
        foreach (var order in stored.Orders.Where(order => order.HoldsTickets && canceled.Contains(order.EventId)))
        {
            yield return $"order {order.Id} is {order.Status}, and its event was canceled";
        }
    }

    /// <summary>I5, I6: what the gateway's own book has of an order is what the order keeps, to the cent.</summary>
    private static IEnumerable<string> Money(Stored stored)
    {
        var paymentsOf = stored.Payments.ToLookup(payment => payment.OrderId);
        var chargeOf = stored.Charges.ToDictionary(charge => charge.PaymentId);
        foreach (var order in stored.Orders)
        {
            var atGateway = paymentsOf[order.Id].Sum(one => chargeOf.TryGetValue(one.Id, out var charge) ? charge.Captured - charge.Returned : 0);
            var kept = order.Status is "paid" or "refunded" ? order.Total - order.Returned : 0;
            // What a gateway refuses to give back waits for a person, who is told.
            var waits = order.Asked > 0 || paymentsOf[order.Id].Any(one => one.HasOpenCase);
            if (waits ? atGateway < kept : atGateway != kept)
            {
                yield return $"order {order.Id} ({order.Status}) keeps {kept}, and the gateway has {atGateway} of it";
            }
        }

        var known = stored.Payments.Select(payment => payment.Id).ToHashSet();
        foreach (var charge in stored.Charges.Where(charge => !known.Contains(charge.PaymentId) && charge.Captured > 0))
        {
            yield return $"the gateway took {charge.Captured} for payment {charge.PaymentId}, which is not stored";
        }
    }

    /// <summary>The dashboard and the events know what was sold, order by order and in sum.</summary>
    private static IEnumerable<string> Followers(Stored stored)
    {
        var shown = stored.Shown.ToDictionary(order => order.Id);
        foreach (var order in stored.Orders)
        {
            if (!shown.Remove(order.Id, out var its) || its.Status != order.Status || its.Total != order.Total)
            {
                yield return $"order {order.Id} is {order.Status} of {order.Total}, and the dashboard shows {its}";
            }
        }

        foreach (var more in shown.Keys)
        {
            yield return $"the dashboard shows order {more}, which is not stored";
        }

        var sums = stored.Sales.ToDictionary(sales => sales.EventId);
        foreach (var sold in stored.Orders.GroupBy(order => order.EventId))
        {
            var paid = sold.Where(order => order.WasPaid).ToList();
            var right = new ShownSales(
                sold.Key,
                sold.Count(),
                paid.Count,
                sold.Sum(order => order.Tickets.Count),
                paid.Sum(order => order.Tickets.Count),
                paid.Sum(order => order.Total)
            );
            if (sums.GetValueOrDefault(sold.Key) is var sum && sum != right)
            {
                yield return $"the dashboard sums up {sum}, and it is {right}";
            }
        }

        var heldOf = stored.Orders.SelectMany(order => order.Held.Select(ticket => (ticket.TierId, IsSold: order.Status == "paid"))).ToLookup(one => one.TierId);
        foreach (var (its, tier) in stored.Events.SelectMany(one => one.Tiers.Select(tier => (one, tier))))
        {
            var sold = heldOf[tier.Id].Count(one => one.IsSold);
            var held = heldOf[tier.Id].Count() - sold;
            if (tier.Sold != sold || tier.Held != held)
            {
                yield return $"tier {tier.Id} of event {its.Id} counts {tier.Sold} sold and {tier.Held} held, and {sold} and {held} are";
            }
        }
    }
}
