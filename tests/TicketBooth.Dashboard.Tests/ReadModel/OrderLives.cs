using FsCheck;
using FsCheck.Fluent;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Tests.ReadModel;

/// <summary>What happened to an order, as Booking tells it: the messages in the order of their revisions.</summary>
internal sealed record OrderLife(IReadOnlyList<OrderUpdate> Messages)
{
    public OrderUpdate Placed => Messages[0];

    public OrderUpdate Last => Messages[^1];

    public int Tickets => Placed.Tickets.Count;

    public long Money => Placed.Tickets.Sum(ticket => ticket.Price);

    /// <summary>Each as it was told last.</summary>
    public IReadOnlyList<RefundLine> Refunds =>
        [.. Messages.SelectMany(message => message.Refunds ?? []).GroupBy(line => line.Revision).Select(told => told.MaxBy(line => line.Changed)!).OrderBy(line => line.Revision)];

    /// <summary>Each as it was told last.</summary>
    public IReadOnlyList<DisputeLine> Disputes =>
        [.. Messages.SelectMany(message => message.Disputes ?? []).GroupBy(line => line.Id, StringComparer.Ordinal).Select(told => told.MaxBy(line => line.Revision)!).OrderBy(line => line.At).ThenBy(line => line.Id, StringComparer.Ordinal)];

    /// <summary>Cents that went back, and did not come back to the house.</summary>
    public long Returned => Refunds.Count > 0 ? Refunds.Where(refund => refund.FailedAt is null).Sum(refund => refund.Amount) : Last.Status == OrderStatus.Refunded ? Money : 0;

    /// <summary>Tickets that refunds released.</summary>
    public int Released => Refunds.Count > 0 ? Refunds.Sum(refund => refund.Released.Count) : Last.Status == OrderStatus.Refunded ? Tickets : 0;

    public bool WasPaid => Messages.Any(message => message.Status == OrderStatus.Paid);

    /// <summary>The row that must come of it.</summary>
    public OrderRow Row => new()
    {
        Id = Placed.OrderId,
        EventId = Placed.EventId,
        BuyerId = Placed.BuyerId,
        Revision = Messages.Count,
        Status = Last.Status,
        Tickets = [.. Placed.Tickets.Select(ticket => new OrderLine(ticket.Number, ticket.TierId, ticket.Price))],
        Total = Money,
        PlacedAt = Placed.PlacedAt!.Value,
        IsPlacedAtKnown = true,
        PaidAt = Messages.FirstOrDefault(message => message.Status == OrderStatus.Paid)?.PaidAt,
        EndedAt = Messages.LastOrDefault(message => message.EndedAt is not null && message.Status == Last.Status)?.EndedAt,
        Refunds = Refunds.Count > 0 ? Refunds : null,
        Disputes = Disputes.Count > 0 ? Disputes : null,
        DisputedSince = Disputes.Where(line => line.State == OrderDisputeState.Opened).Min(line => (DateTimeOffset?)line.At),
        PaymentId = Messages.FirstOrDefault(message => message.PaymentId is not null)?.PaymentId,
    };
}

/// <summary>Lives of some orders, and an order in which their messages arrive: shuffled, some of them more than once.</summary>
internal sealed record OrderStories(IReadOnlyList<OrderLife> Lives, IReadOnlyList<OrderUpdate> Arrivals)
{
    public IEnumerable<OrderUpdate> InOrder => Lives.SelectMany(life => life.Messages);

    public override string ToString() => string.Join("; ", Arrivals.Select(said => FormattableString.Invariant($"{said.OrderId.ToString()[^4..]} r{said.Revision} {said.Status}")));
}

/// <summary>What happened to a payment, the row that must come of it, and an order in which its messages arrive.</summary>
internal sealed record PaymentStory(IReadOnlyList<PaymentUpdate> InOrder, IReadOnlyList<PaymentUpdate> Arrivals, PaymentRow Row)
{
    public override string ToString() => string.Join("; ", Arrivals.Select(said => said.Status?.ToString() ?? "RefundDue"));
}

internal static class Stories
{
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 22, 15, 30, TimeSpan.Zero);

    private static readonly Guid[] events = [Id(1, 0), Id(1, 1)];
    private static readonly OrderStatus[][] paths =
    [
        [],
        [OrderStatus.Paid],
        [OrderStatus.Paid, OrderStatus.Refunded],
        [OrderStatus.Expired],
        [OrderStatus.Expired, OrderStatus.Paid],
        [OrderStatus.Expired, OrderStatus.Paid, OrderStatus.Refunded],
        [OrderStatus.Canceled],
    ];

    private static readonly PaymentStatus[][] outcomes =
    [
        [],
        [PaymentStatus.Paid],
        [PaymentStatus.Declined],
        [PaymentStatus.Declined, PaymentStatus.Paid],
        [PaymentStatus.Paid, PaymentStatus.Refunded],
        [PaymentStatus.Declined, PaymentStatus.Paid, PaymentStatus.Refunded],
        [PaymentStatus.Paid, PaymentStatus.Refunded, PaymentStatus.RefundFailed],
        [PaymentStatus.Paid, PaymentStatus.RefundFailed, PaymentStatus.Paid, PaymentStatus.Refunded],
        [PaymentStatus.Paid, PaymentStatus.Refunded, PaymentStatus.RefundFailed, PaymentStatus.Paid, PaymentStatus.RefundFailed, PaymentStatus.Refunded],
    ];

    public static Arbitrary<OrderStories> Orders() => Arb.From(
        from seeds in Gen.NonEmptyListOf(Gen.Choose(0, int.MaxValue - 1))
        from shuffle in Gen.Choose(0, int.MaxValue - 1)
        select Tell([.. seeds.Take(12)], shuffle));

    public static Arbitrary<PaymentStory> Payments() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select Tell(seed));

    public static OrderStories Tell(IReadOnlyList<int> seeds, int shuffle)
    {
        var lives = seeds.Select(LifeOf).ToList();
        return new OrderStories(lives, Shuffled([.. lives.SelectMany(life => life.Messages)], shuffle));
    }

    private static PaymentStory Tell(int seed)
    {
        var random = new Random(seed);
        var (id, orderId) = (Id(5, seed), Id(2, seed));
        var at = Start;
        var outcome = outcomes[random.Next(outcomes.Length)];
        var said = new List<PaymentUpdate> { new(id, orderId, PaymentStatus.AwaitingConfirmation, at, PaymentMethod.Pix, 12_000, "BRL", at) };
        foreach (var status in outcome)
        {
            at = at.AddSeconds(random.Next(1, 90_000));
            said.Add(status switch
            {
                PaymentStatus.Declined => new PaymentUpdate(id, orderId, status, at, DeclineReason: "declined", DeclinedAt: at),
                _ => new PaymentUpdate(id, orderId, status, at, Amount: 12_000, Currency: "BRL", CapturedAt: status == PaymentStatus.Paid && said.All(news => news.CapturedAt is null) ? at : null),
            });
        }

        // Booking may say it as soon as the money came, and before this module has heard of the money.
        var isDue = outcome.Contains(PaymentStatus.Refunded) || (outcome.Contains(PaymentStatus.Paid) && random.Next(2) == 0);
        if (isDue)
        {
            said.Insert(random.Next(1, said.Count + 1), new PaymentUpdate(id, orderId, Status: null, At: null, RefundReason: "tickets-gone"));
        }

        var last = said.Last(news => news.Status is not null);
        var row = new PaymentRow
        {
            Id = id,
            OrderId = orderId,
            Status = last.Status!.Value,
            Method = PaymentMethod.Pix,
            Amount = 12_000,
            Currency = "BRL",
            StartedAt = Start,
            ChangedAt = last.At,
            DeclinedAt = said.FirstOrDefault(news => news.Status == PaymentStatus.Declined)?.At,
            CapturedAt = said.FirstOrDefault(news => news.Status == PaymentStatus.Paid)?.At,
            DeclineReason = outcome.Contains(PaymentStatus.Declined) ? "declined" : null,
            RefundReason = isDue ? "tickets-gone" : null,
            AwaitingSince = last.Status == PaymentStatus.AwaitingConfirmation ? Start : null,
            OwedSince = isDue && last.Status is (PaymentStatus.Paid or PaymentStatus.RefundFailed) ? last.At : null,
        };
        return new PaymentStory(said, Shuffled(said, seed), row);
    }

    private static OrderLife LifeOf(int seed, int number)
    {
        var random = new Random(seed);
        var eventId = events[random.Next(events.Length)];
        var at = Start.AddSeconds(random.Next(400_000));
        var placed = new OrderUpdate(Id(2, (seed * 31L) + number), 1, OrderStatus.OnPayment, eventId, Id(3, number), TicketsOf(random, eventId), PlacedAt: at);
        var messages = new List<OrderUpdate> { placed };
        foreach (var status in paths[random.Next(paths.Length)])
        {
            at = at.AddSeconds(random.Next(1, 90_000));
            messages.Add(placed with
            {
                Revision = messages.Count + 1,
                Status = status,
                PlacedAt = null,
                PaidAt = status == OrderStatus.Paid ? at : null,
                EndedAt = status == OrderStatus.Paid ? null : at,
                PaymentId = status is OrderStatus.Paid or OrderStatus.Refunded ? Id(5, number) : null,
            });
        }

        messages = messages[^1].Status is OrderStatus.Paid or OrderStatus.Refunded ? WithRefunds(messages, random) : messages;
        return new OrderLife(WithTrouble(messages, random));
    }

    /// <summary>Refunds fail, are tried again and fail again; banks dispute money and decide.</summary>
    private static List<OrderUpdate> WithTrouble(List<OrderUpdate> messages, Random random)
    {
        var last = messages[^1];
        var at = At(last);
        var whole = last is { Status: OrderStatus.Refunded, Refunds: null } ? new RefundLine(last.Revision, last.Tickets.Sum(ticket => ticket.Price), [.. last.Tickets.Select(ticket => ticket.Number)], last.EndedAt!.Value) : null;
        var refunds = whole is not null ? [whole] : messages.SelectMany(message => message.Refunds ?? []).ToList();
        foreach (var refund in refunds.Where(_ => random.Next(3) == 0))
        {
            for (var turns = random.Next(1, 4); turns > 0; turns--)
            {
                var before = messages.SelectMany(message => message.Refunds ?? []).LastOrDefault(line => line.Revision == refund.Revision && line.Changed > 0);
                at = at.AddMinutes(random.Next(1, 3_000));
                var revision = messages.Count + 1;
                Add(message => message with { Refunds = [refund with { Changed = revision, FailedAt = before?.FailedAt is null ? at : null }] });
            }
        }

        for (var disputes = random.Next(4) == 0 ? random.Next(1, 3) : 0; disputes > 0; disputes--)
        {
            at = at.AddMinutes(random.Next(1, 3_000));
            var opened = new DisputeLine($"dp_{disputes}", 100, OrderDisputeState.Opened, at, messages.Count + 1);
            Add(message => message with { Disputes = [opened] });
            if (random.Next(2) == 0)
            {
                var decided = opened with { State = random.Next(2) == 0 ? OrderDisputeState.Won : OrderDisputeState.Lost, Revision = messages.Count + 1 };
                Add(message => message with { Disputes = [decided] });
            }
        }

        return messages;

        void Add(Func<OrderUpdate, OrderUpdate> change) =>
            messages.Add(change(last with { Revision = messages.Count + 1, PlacedAt = null, PaidAt = null, EndedAt = null, Refunds = null, PaymentId = null }));

        static DateTimeOffset At(OrderUpdate message) => message.PaidAt ?? message.EndedAt ?? message.Refunds?[0].At ?? message.PlacedAt!.Value;
    }

    /// <summary>Gives back parts of a paid order before it ends, and of what was kept after that.</summary>
    private static List<OrderUpdate> WithRefunds(List<OrderUpdate> messages, Random random)
    {
        var ends = messages[^1].Status == OrderStatus.Refunded;
        var last = messages[^1];
        var before = ends ? messages[..^1] : messages;
        var (left, held) = (last.Tickets.Sum(ticket => ticket.Price), last.Tickets.Select(ticket => ticket.Number).ToList());
        for (var parts = random.Next(3); parts > 0; parts--)
        {
            int[] released = held.Count > 1 && random.Next(2) == 0 ? [held[random.Next(held.Count)]] : [];
            before.Add(Refund(OrderStatus.Paid, random.NextInt64(left + 1), released) with { PaidAt = null, EndedAt = null });
        }

        if (ends && before.Count == messages.Count - 1)
        {
            before.Add(last);
        }
        else if (ends)
        {
            var kept = random.Next(2) * random.NextInt64(left + 1);
            before.Add(Refund(OrderStatus.Refunded, left - kept, [.. held]) with { PaidAt = null, EndedAt = At() });
            if (kept > 0)
            {
                before.Add(Refund(OrderStatus.Refunded, kept, []) with { PaidAt = null, EndedAt = null });
            }
        }

        return before;

        OrderUpdate Refund(OrderStatus status, long amount, int[] released)
        {
            left -= amount;
            held.RemoveAll(released.Contains);
            return last with { Revision = before.Count + 1, Status = status, Refunds = [new RefundLine(before.Count + 1, amount, released, At())] };
        }

        DateTimeOffset At() => (before[^1].PaidAt ?? before[^1].EndedAt ?? before[^1].Refunds![0].At).AddHours(1);
    }

    private static List<OrderedTicket> TicketsOf(Random random, Guid eventId) =>
        [.. Enumerable.Range(1, random.Next(1, 5)).Select(ticket => new OrderedTicket(Id(6, ticket), ticket, Id(4, (eventId.GetHashCode() * 3L) + random.Next(3)), random.Next(0, 30_000)))];

    private static List<T> Shuffled<T>(List<T> messages, int seed)
    {
        var random = new Random(seed);
        List<T> all = [.. messages, .. messages.Where(_ => random.Next(3) == 0)];
        return [.. all.OrderBy(_ => random.Next())];
    }

    private static Guid Id(short kind, long number) => new(0x0199e2f0, kind, 0x7001, BitConverter.GetBytes(number));
}
