using System.Diagnostics;
using TicketBooth.LoadTests.Figures;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// A large event sells out at a host that was just started: every buyer orders one ticket after the other and pays each, until none is left.
/// Then every ticket must be paid exactly once. A second event sells out after it, at the same host, which has compiled by then what it runs.
/// </summary>
internal sealed class SellOutScenario : IScenario
{
    private const int Buyers = 200;
    private const int Tickets = 10_000;
    private const double NoteworthyShare = 0.02;

    private static readonly string[] nights = ["", "warm: "];

    public string Name => "sell-out";

    public string Description => "200 buyers order and pay 10,000 tickets over HTTP, until none is left, cold and warm; then the audit.";

    public async Task RunAsync(Plan plan, Report report)
    {
        for (var round = 0; round < plan.Rounds; round++)
        {
            await using var host = await MeasuredHost.StartAsync();
            var tokens = await host.BuyersAsync(Buyers);
            foreach (var night in nights)
            {
                await SellAsync(host, tokens, night, report);
            }

            report.Require(await host.PassesAuditAsync(), "The audit found violations.");
        }
    }

    private static async Task SellAsync(MeasuredHost host, IReadOnlyList<string> tokens, string night, Report report)
    {
        var eventId = await Api.PublishEventAsync(host.Client, host.AdminToken, night + "Arena Night", Tickets, large: true);
        var buyers = await Task.WhenAll(tokens.Select(token => Buyer.ArriveAsync(host.At("/"), token, eventId)));
        var (followed, threads, cpu) = (await host.FollowedAsync(), host.Cpu.ByThread(), host.Cpu.Used);
        using var fsyncs = Fsyncs.Count(host.ProcessId);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(buyers.Select(buyer => Task.Run(buyer.BuyAllAsync)));
        var sold = watch.Elapsed;
        await Task.WhenAll(buyers.Select(buyer => Task.Run(buyer.UntilPaidAsync)));
        var paid = watch.Elapsed;
        await Settling.WaitAsync(host, Stopwatch.StartNew(), now =>
            now.Placed - followed.Placed == Tickets && now.Paid - followed.Paid == Tickets && now.Taken - followed.Taken == Tickets
        );

        var used = host.Cpu.Used - cpu;
        var times = new Latencies(buyers.SelectMany(buyer => buyer.Times));
        var tickets = buyers.SelectMany(buyer => buyer.Tickets).ToList();
        report.Add(night + Measures.AllPaid, Unit.Seconds, paid.TotalSeconds);
        report.Add(night + "orders, each with its payment", Unit.PerSecond, tickets.Count / sold.TotalSeconds);
        report.Add(night + "order request, mean", Unit.Milliseconds, times.Mean.TotalMilliseconds);
        report.Add(night + "order request, p99", Unit.Milliseconds, times.Within(0.99).TotalMilliseconds);
        report.Add(night + "CPU per ticket, ordered, paid and settled", Unit.Microseconds, used.TotalMicroseconds / Tickets);
        if (await fsyncs.EndAsync() is > 0 and var count)
        {
            report.Add(night + "fsyncs per ticket", Unit.Count, (double)count / Tickets);
        }

        foreach (var (name, time) in host.Cpu.ByThread().OrderByDescending(thread => thread.Value))
        {
            if (time - threads.GetValueOrDefault(name) is var spent && spent > NoteworthyShare * used)
            {
                report.Add($"{night}CPU per ticket in threads {name}", Unit.Microseconds, spent.TotalMicroseconds / Tickets);
            }
        }

        report.Require(
            tickets.Count == Tickets && tickets.Distinct(StringComparer.Ordinal).Count() == Tickets,
            "Not every ticket was sold once."
        );
        Array.ForEach(buyers, buyer => buyer.Dispose());
    }
}
