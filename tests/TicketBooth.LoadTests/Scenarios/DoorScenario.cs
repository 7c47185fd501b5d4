using System.Diagnostics;
using TicketBooth.LoadTests.Figures;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// From paid to seated: tickets are let in as fast as scanners are answered, each once and then again; the tickets of an order are drawn; a
/// show with 10,000 orders is canceled, and all of their mails are queued.
/// </summary>
internal sealed class DoorScenario : IScenario
{
    private const int Buyers = 100;
    private const int Mails = 10_000;
    private const int Documents = 100;

    // More codes than can be let in during a load, so that each is scanned once.
    private const int CodesPerSecond = 9_000;

    // One of wrk's threads may have come much further than the other, and they take turns at the codes.
    private const double SurelyScanned = 0.3;

    private static readonly (string Key, string Value)[] settings =
    [
        // Mails of the orders that are prepared would be sent beside what is measured: queued they are.
        ("Notifications:PerMinute", "1"),
    ];

    public string Name => "door";

    public string Description => "Check-ins, each code once and then again; the PDF of 10 tickets; 10,000 mails of a canceled event.";

    public async Task RunAsync(Plan plan, Report report)
    {
        using var bare = await BareHost.StartAsync();
        await using var host = await MeasuredHost.StartAsync(settings);
        var buyers = await host.BuyersAsync(Buyers);
        using var doors = new DoorFiles(host, buyers);
        var count = (int)(CodesPerSecond * plan.Duration.TotalSeconds);
        var first = await doors.PrepareAsync(count);
        await WarmUp.RunAsync(bare, host, plan, Scripts.CheckIns(first.File, host.AdminToken, round: 0));
        await DrawAsync(host, first.Orders);
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var codes = await doors.PrepareAsync(count);
            await Settling.EmptyOutboxesAsync(host);
            var beside = await Yardsticks.MeasureAsync(bare, host, buyers, plan, report);
            var scans = await ScanAsync(host, plan, Scripts.CheckIns(codes.File, host.AdminToken, 2 * round));
            var inside = await doors.InsideAsync(codes.Events);
            report.Require(
                inside >= scans.Load.Requests && inside <= scans.Load.Requests + plan.Connections && inside < count,
                "Not every scan of a code that was not scanned before was admitted."
            );
            Add(report, "check-in", "check-ins", scans, beside.Bare);
            report.Add(Measures.CheckInRate, Unit.PerSecond, scans.Load.Rate);
            await Settling.EmptyOutboxesAsync(host);

            var again = await ScanAsync(
                host,
                plan,
                Scripts.CheckIns(codes.File, host.AdminToken, (2 * round) + 1, (int)(SurelyScanned * inside))
            );
            var more = await doors.InsideAsync(codes.Events) - inside;
            report.Require(more == 0, $"{more} more were admitted when codes were scanned again.");
            Add(report, "repeated check-in", "repeated check-ins", again, beside.Bare);
            await Settling.EmptyOutboxesAsync(host);

            var drawn = await DrawAsync(host, codes.Orders);
            report.Add(Measures.PdfMedian, Unit.Milliseconds, drawn.Within(0.5).TotalMilliseconds);
            report.Add("PDF of 10 tickets, p99", Unit.Milliseconds, drawn.Within(0.99).TotalMilliseconds);
            report.Add(Measures.MailsQueued, Unit.Seconds, (await CancelAsync(host, buyers)).TotalSeconds);
            await Settling.EmptyOutboxesAsync(host);
        }

        report.Require(await host.PassesAuditAsync(), "The audit found violations.");
    }

    private static Task<Cost> ScanAsync(MeasuredHost host, Plan plan, string script) =>
        Cost.OfAsync(host.Cpu, () => Wrk.RunAsync(host.At("/"), plan.Connections, plan.Duration, script));

    private static void Add(Report report, string one, string many, Cost scans, Cost bare)
    {
        report.Require(scans.Load.Refused == 0, "Some scans were refused.");
        if (many != Measures.CheckInRate)
        {
            report.Add(many, Unit.PerSecond, scans.Load.Rate);
        }

        report.Add(one + ", mean", Unit.Milliseconds, scans.Load.Mean.TotalMilliseconds);
        report.Add(one + ", p99", Unit.Milliseconds, scans.Load.P99.TotalMilliseconds);
        report.Add(one + ", CPU", Unit.Microseconds, scans.MicrosecondsPerRequest);
        report.Add(one + " / bare route, CPU", Unit.Times, scans.MicrosecondsPerRequest / bare.MicrosecondsPerRequest);
        report.Add(one + " rate / bare route's rate", Unit.Times, scans.Load.Rate / bare.Load.Rate);
    }

    /// <summary>One after the other, each of another order of 10 tickets.</summary>
    private static async Task<Latencies> DrawAsync(MeasuredHost host, IReadOnlyList<string> orders)
    {
        using var connection = await HttpConnection.OpenAsync(host.At("/"));
        var taken = new List<TimeSpan>();
        foreach (var order in orders.Take(Documents))
        {
            var request = Request.Get("pdf", $"/api/v1/orders/{order}/tickets.pdf", host.AdminToken);
            var watch = Stopwatch.StartNew();
            var answer = await connection.SendAsync(request.Bytes);
            taken.Add(watch.Elapsed);
            if (!answer.IsSuccess || !answer.Body.AsSpan().StartsWith("%PDF"u8))
            {
                throw new HttpRequestException($"The tickets of {order} were answered with {answer.Status}.");
            }
        }

        return new Latencies(taken);
    }

    /// <summary>Cancels an event of many orders: how long until the mail of each is in the queue.</summary>
    private static async Task<TimeSpan> CancelAsync(MeasuredHost host, IReadOnlyList<string> buyers)
    {
        var eventId = await Api.PublishEventAsync(host.Client, host.AdminToken, "A night that is canceled", Mails, large: false, price: 0);
        await Preparing.ForAsync(Mails, number =>
            Api.SendAsync(host.Client, buyers[number % buyers.Count], HttpMethod.Post, "/api/v1/orders", new { eventId, quantity = 1 })
        );
        await Settling.EmptyOutboxesAsync(host);
        var before = QueuedMails.OfBulks(host.Folder);
        var watch = Stopwatch.StartNew();
        await Api.SendAsync(host.Client, host.AdminToken, HttpMethod.Post, $"/api/v1/events/{eventId}/cancel", null);
        while (QueuedMails.OfBulks(host.Folder) - before < Mails)
        {
            await Task.Delay(20);
        }

        return watch.Elapsed;
    }
}
