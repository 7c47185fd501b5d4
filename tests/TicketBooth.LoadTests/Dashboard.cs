using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests;

/// <summary>
/// The administrators' figures with a million orders in the read model: how soon the house and an event answer, and how soon a sale shows on an open page while
/// 555 orders a second come in. On SQLite, and on MySQL too where <c>ConnectionStrings__MySql</c> names one.
/// </summary>
internal static class Dashboard
{
    private const int Events = 300;
    private const int TiersPerEvent = 3;
    private const int Days = 90;
    private const int Requests = 300;
    private const int OrdersPerSecond = 555;
    private const int WritersOfSales = 32;

    private static readonly TimeSpan longestAnswer = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan longestSight = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan selling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan betweenTracers = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(int orders)
    {
        var isGood = await RunAsync("SQLite", orders, "");
        if (Environment.GetEnvironmentVariable("ConnectionStrings__MySql") is { Length: > 0 })
        {
            await using var space = await MySqlSpace.NewAsync();
            isGood &= await RunAsync("MySQL", orders, space.ConnectionString);
        }

        return isGood ? 0 : 1;
    }

    private static async Task<bool> RunAsync(string name, int orders, string connectionString)
    {
        await using var host = await TestHost.StartAsync(settings:
        [
            ("Modules", "Accounts,Dashboard"), ("ConnectionStrings:MySql", connectionString), ("Dashboard:ReconcileHours", "0"), ("Logging:LogLevel:Default", "Error"),
        ]);
        var writer = host.App.Services.GetRequiredService<ReadModelWriter>();
        var now = TimeProvider.System.GetUtcNow();
        var shown = Enumerable.Range(0, Events).Select(i => EventOf(i, now)).ToList();
        var filling = Stopwatch.StartNew();
        await FillAsync(writer, shown, orders, now);
        Print(name, "orders in the read model", string.Create(CultureInfo.InvariantCulture, $"{orders:N0} of {Events} events, filled in {filling.Elapsed.TotalSeconds:F0} s"));

        var staff = await TicketBoothApi.AdminAsync(host);
        var summary = await AnswersAsync(name, "GET summary", staff, _ => "/api/v1/dashboard/summary");
        var ofEvent = await AnswersAsync(name, "GET events/{id}", staff, i => $"/api/v1/dashboard/events/{shown[i % Events].Id}");
        var sight = await SellAsync(name, writer, staff, shown);
        summary &= await AnswersAsync(name, "GET summary, after that", staff, _ => "/api/v1/dashboard/summary");
        return summary && ofEvent && sight;
    }

    private static void Print(string name, string what, string figures) => Console.WriteLine($"{name,-8} {what,-28} {figures}");

    private static string Figures(List<double> milliseconds)
    {
        milliseconds.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"mean {milliseconds.Average(),7:F1} ms   p50 {At(0.5),7:F1}   p99 {At(0.99),7:F1}   longest {milliseconds[^1],7:F1}   ({milliseconds.Count})");

        double At(double share) => milliseconds[(int)(share * (milliseconds.Count - 1))];
    }

    private static async Task<bool> AnswersAsync(string name, string what, TicketBoothApi staff, Func<int, string> path)
    {
        var taken = new List<double>();
        var size = 0;
        for (var i = -20; i < Requests; i++)
        {
            var since = Stopwatch.GetTimestamp();
            size = (await staff.Client.GetByteArrayAsync(path(Math.Abs(i)))).Length;
            if (i >= 0)
            {
                taken.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
        }

        Print(name, what, string.Create(CultureInfo.InvariantCulture, $"{Figures(taken)}, {size / 1024} KiB"));
        return taken.Average() < longestAnswer.TotalMilliseconds;
    }

    /// <summary>Sales of all events at the rate, and now and then one of an event of its own, whose page is open.</summary>
    private static async Task<bool> SellAsync(string name, ReadModelWriter writer, TicketBoothApi staff, List<EventRow> shown)
    {
        var traced = EventOf(Events, TimeProvider.System.GetUtcNow());
        await writer.WriteAsync((tables, _) => tables.WriteAsync([traced]), CancellationToken.None);
        using var ends = new CancellationTokenSource();
        var waiting = new ConcurrentQueue<(long Number, long Since)>();
        var taken = new List<double>();
        var watching = WatchAsync(staff, traced.Id, waiting, taken, ends.Token);
        var house = CountAsync(staff, ends.Token);

        var sold = 0L;
        var since = Stopwatch.GetTimestamp();
        var sales = Enumerable.Range(0, WritersOfSales).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(since) < selling)
            {
                var number = Interlocked.Increment(ref sold);
                var due = TimeSpan.FromSeconds((double)number / OrdersPerSecond) - Stopwatch.GetElapsedTime(since);
                await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero);
                foreach (var said in SaleOf(shown[(int)(number % Events)], number))
                {
                    await writer.ApplyAsync([said], CancellationToken.None);
                }
            }
        }).ToList();
        for (var number = 1L; Stopwatch.GetElapsedTime(since) < selling; number++)
        {
            await Task.Delay(betweenTracers);
            waiting.Enqueue((number, Stopwatch.GetTimestamp()));
            foreach (var said in SaleOf(traced, number))
            {
                await writer.ApplyAsync([said], CancellationToken.None);
            }
        }

        await Task.WhenAll(sales);
        var rate = sold / Stopwatch.GetElapsedTime(since).TotalSeconds;
        await Task.Delay(longestSight + longestSight);
        await ends.CancelAsync();
        await watching;
        var updates = await house;
        Print(name, "orders taken in", string.Create(CultureInfo.InvariantCulture, $"{rate:F0} /s, placed and paid; {updates} updates of the house's page meanwhile"));
        Print(name, "from sale to sight", $"{Figures(taken)}{(waiting.IsEmpty ? "" : $", {waiting.Count} NOT SEEN")}");
        return waiting.IsEmpty && taken[(int)(0.99 * (taken.Count - 1))] < longestSight.TotalMilliseconds && rate > 0.95 * OrdersPerSecond;
    }

    private static async Task WatchAsync(TicketBoothApi staff, Guid eventId, ConcurrentQueue<(long Number, long Since)> waiting, List<double> taken, CancellationToken cancellationToken)
    {
        await foreach (var figures in StreamAsync(staff, $"?eventId={eventId}", cancellationToken))
        {
            var paid = (long)figures["ever"]!["ordersPaid"]!;
            while (waiting.TryPeek(out var sale) && sale.Number <= paid && waiting.TryDequeue(out _))
            {
                taken.Add(Stopwatch.GetElapsedTime(sale.Since).TotalMilliseconds);
            }
        }
    }

    private static async Task<int> CountAsync(TicketBoothApi staff, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var _ in StreamAsync(staff, "", cancellationToken))
        {
            count++;
        }

        return count;
    }

    private static async IAsyncEnumerable<JsonObject> StreamAsync(
        TicketBoothApi staff, string query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await staff.Client.GetAsync("/api/v1/dashboard/stream" + query, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(CancellationToken.None);
        await using var items = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MovedAsync())
        {
            yield return (JsonObject)JsonNode.Parse(items.Current.Data)!;
        }

        async Task<bool> MovedAsync()
        {
            try
            {
                return await items.MoveNextAsync();
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private static EventRow EventOf(int number, DateTimeOffset now)
    {
        var tiers = Enumerable.Range(1, TiersPerEvent).Select(tier => new TierLine(Id(2, (number * 10L) + tier), $"Tier {tier}", tier * 7_500, 20_000)).ToList();
        return new EventRow
        {
            Id = Id(1, number),
            Version = 1,
            IsCanceled = false,
            Name = string.Create(CultureInfo.InvariantCulture, $"Night {number}"),
            Venue = "Casino Arena",
            StartsAt = now.AddHours(1 + number),
            SaleOpensAt = now.AddDays(-Days),
            SaleClosesAt = now.AddHours(1 + number),
            Currency = "BRL",
            Capacity = 60_000,
            Tiers = tiers,
            Released = tiers.Sum(tier => tier.Released),
        };
    }

    /// <summary>A new order and its payment a moment later.</summary>
    private static IEnumerable<ReadModelUpdate> SaleOf(EventRow shown, long number)
    {
        var now = TimeProvider.System.GetUtcNow();
        var orderId = Guid.CreateVersion7(now);
        var paymentId = Guid.CreateVersion7(now);
        var tier = shown.Tiers[(int)(number % TiersPerEvent)];
        var placed = new OrderUpdate(orderId, 1, OrderStatus.OnPayment, shown.Id, Guid.CreateVersion7(now), [new OrderedTicket(Guid.CreateVersion7(now), 1, tier.Id, tier.Price)], PlacedAt: now);
        yield return placed;
        yield return new PaymentUpdate(paymentId, orderId, PaymentStatus.AwaitingConfirmation, now, PaymentMethod.Card, tier.Price, "BRL", now);
        yield return new PaymentUpdate(paymentId, orderId, PaymentStatus.Paid, now, Amount: tier.Price, Currency: "BRL");
        yield return placed with { Revision = 2, Status = OrderStatus.Paid, PlacedAt = null, PaidAt = now, PaymentId = paymentId };
    }

    /// <summary>Orders and payments of three months in the order of their time, with the sums that they come to.</summary>
    private static async Task FillAsync(ReadModelWriter writer, List<EventRow> shown, int orders, DateTimeOffset now)
    {
        const int Page = 5_000;
        var random = new Random(1);
        var sums = new SalesSums(TimeZoneInfo.Utc);
        await writer.WriteAsync((tables, _) => tables.WriteAsync(shown), CancellationToken.None);
        for (var done = 0; done < orders; done += Page)
        {
            var (some, payments) = (new List<OrderRow>(Page), new List<PaymentRow>(Page));
            for (var i = done; i < Math.Min(orders, done + Page); i++)
            {
                var (order, payment) = OrderOf(random, shown[random.Next(shown.Count)], now.AddDays(-Days * (1 - ((double)i / orders))));
                some.Add(order);
                sums.Add(null, order);
                if (payment is not null)
                {
                    payments.Add(payment);
                }
            }

            await writer.WriteAsync(
                async (tables, _) =>
                {
                    await tables.WriteAsync(some);
                    await tables.WriteAsync(payments);
                },
                CancellationToken.None);
        }

        // In the order of their table.
        foreach (var some in sums.BySpan().OrderBy(sum => sum.Key.EventId).ThenBy(sum => sum.Key.TierId).ThenBy(sum => sum.Key.Span).ThenBy(sum => sum.Key.At).Chunk(10 * Page))
        {
            await writer.WriteAsync((tables, _) => tables.AddAsync(some), CancellationToken.None);
        }
    }

    private static (OrderRow Order, PaymentRow? Payment) OrderOf(Random random, EventRow shown, DateTimeOffset at)
    {
        var tickets = Enumerable.Range(1, random.Next(1, 5)).Select(number => (number, tier: shown.Tiers[random.Next(TiersPerEvent)])).Select(ticket => new OrderLine(ticket.number, ticket.tier.Id, ticket.tier.Price)).ToList();
        var fate = random.Next(100);
        var (paidAt, endedAt) = (fate < 85 ? at.AddSeconds(40) : (DateTimeOffset?)null, fate is >= 80 and < 99 ? at.AddMinutes(15) : (DateTimeOffset?)null);
        var order = new OrderRow
        {
            Id = Guid.CreateVersion7(at),
            EventId = shown.Id,
            BuyerId = Guid.NewGuid(),
            Revision = fate < 80 ? 2 : fate < 85 ? 3 : fate < 99 ? 2 : 1,
            Status = fate < 80 ? OrderStatus.Paid : fate < 85 ? OrderStatus.Refunded : fate < 99 ? OrderStatus.Expired : OrderStatus.OnPayment,
            Tickets = tickets,
            Total = tickets.Sum(ticket => ticket.Price),
            PlacedAt = at,
            IsPlacedAtKnown = true,
            PaidAt = paidAt,
            EndedAt = endedAt,
            PaymentId = paidAt is null ? null : Guid.CreateVersion7(at),
        };
        return (order, order.PaymentId is not { } paymentId ? null : new PaymentRow
        {
            Id = paymentId,
            OrderId = order.Id,
            Status = order.Status == OrderStatus.Refunded ? PaymentStatus.Refunded : PaymentStatus.Paid,
            Method = PaymentMethod.Card,
            Amount = order.Total,
            Currency = "BRL",
            StartedAt = at.AddSeconds(20),
            ChangedAt = endedAt ?? paidAt,
            CapturedAt = paidAt,
        });
    }

    private static Guid Id(short kind, long number) => new(0x0199e2f0, kind, 0x7001, BitConverter.GetBytes(number));
}
