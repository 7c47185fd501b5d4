using System.Diagnostics;
using System.Globalization;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Loads;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// Orders at a host that has many orders of the past, beside one that has few. Both run, and take turns, so that only the past differs. What a
/// host does by itself about its past, as the comparison with the ledger, goes on meanwhile.
/// </summary>
internal sealed class GrowthScenario : IScenario
{
    private const int FewOrders = 10_000;

    // No load sells them out: 20,000 orders a second.
    private const int OnSalePerLoad = 10;
    private const int Buyers = 100;

    public string Name => "growth";

    public string Description => "Orders at a host with --orders orders of the past in --events events, beside one with 10,000.";

    public async Task RunAsync(Plan plan, Report report)
    {
        using var bare = await BareHost.StartAsync();
        using var fewFiles = await PastFiles.MakeAsync(FewOrders, plan);
        using var manyFiles = await PastFiles.MakeAsync(plan.Orders, plan);
        await using (var few = await Grown.StartAsync(fewFiles))
        await using (var many = await Grown.StartAsync(manyFiles))
        {
            await CompareAsync(bare, few, many, plan, report);
        }

        await AddSelfAuditAsync(report, manyFiles);
        report.Add("orders of the past", Unit.Count, plan.Orders);
        report.Add("events of the past", Unit.Count, plan.Events);
        report.Add("files", Unit.Megabytes, manyFiles.Bytes / 1e6);
    }

    private static async Task CompareAsync(BareHost bare, Grown few, Grown many, Plan plan, Report report)
    {
        // One after the other, and both anew: what has served for longer has more of its code compiled.
        await WarmUp.RunAsync(bare, few.Host, plan, few.Orders);
        await WarmUp.RunAsync(bare, many.Host, plan, many.Orders);
        AddTimes(report, "start until ready", few.Host.StartTook, many.Host.StartTook);
        AddTimes(report, "first look at \"my orders\"", few.FirstLook, many.FirstLook);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var atFew = await few.SellAsync(plan);
            var atMany = await many.SellAsync(plan);
            atMany.AddTo(report);
            AddTimes(report, "\"my orders\", mean", await few.LookAsync(), await many.LookAsync());
            report.Add("orders, with 10,000 of the past", Unit.PerSecond, atFew.Load.Rate);
            report.Add(Measures.GrowthRate, Unit.Times, atMany.Load.Rate / atFew.Load.Rate);
            report.Add(
                "CPU per settled order / with 10,000 of the past",
                Unit.Times,
                atMany.MicrosecondsSettled / atFew.MicrosecondsSettled
            );
        }

        report.Add(Measures.Memory, Unit.Megabytes, many.Host.Cpu.LargestResident / 1e6);
        report.Add("memory, the most, with 10,000 of the past", Unit.Megabytes, few.Host.Cpu.LargestResident / 1e6);
        await Settling.EmptyOutboxesAsync(many.Host);
    }

    /// <summary>What the self-audit takes of a core: a host that has nothing else to do, before its first pass begins and while it goes on.</summary>
    private static async Task AddSelfAuditAsync(Report report, PastFiles past)
    {
        await using var host = await MeasuredHost.StartAsync([
            ("Storage:Path", past.Folder),
            Past.Modules,
            ("Dashboard:ReconcileHours", "0"),
            ("SelfAudit:EveryMinutes", "1"),
        ]);
        var ready = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(15));
        var before = await ShareOfACoreAsync(host, TimeSpan.FromSeconds(30));
        await Task.Delay(TimeSpan.FromSeconds(75) - ready.Elapsed);
        var meanwhile = await ShareOfACoreAsync(host, TimeSpan.FromMinutes(1));
        report.Add("a host at rest, of a core", Unit.Percent, before);
        report.Add("with the self-audit, of a core", Unit.Percent, meanwhile);
    }

    private static async Task<double> ShareOfACoreAsync(MeasuredHost host, TimeSpan duration)
    {
        var (watch, used) = (Stopwatch.StartNew(), host.Cpu.Used);
        await Task.Delay(duration);
        return 100 * ((host.Cpu.Used - used) / watch.Elapsed);
    }

    private static void AddTimes(Report report, string what, TimeSpan atFew, TimeSpan atMany)
    {
        report.Add(what, Unit.Milliseconds, atMany.TotalMilliseconds);
        report.Add(what + ", with 10,000 of the past", Unit.Milliseconds, atFew.TotalMilliseconds);
    }

    /// <summary>A folder with a past.</summary>
    private sealed record PastFiles(string Folder, IReadOnlyList<string> OnSale) : IDisposable
    {
        public long Bytes => new DirectoryInfo(Folder).EnumerateFiles().Sum(file => file.Length);

        public static async Task<PastFiles> MakeAsync(int orders, Plan plan)
        {
            var folder = Directory.CreateTempSubdirectory("ticketbooth-past-").FullName;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{orders:N0} orders of the past are made in {folder} …"));
            var watch = Stopwatch.StartNew();
            var made = new PastFiles(
                folder,
                await Past.MakeAsync(folder, orders, plan.Events, OnSalePerLoad * (WarmUp.Durations + plan.Rounds))
            );
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{made.Bytes / 1e6:N0} MB in {watch.Elapsed.TotalSeconds:N0} s.")
            );
            return made;
        }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A host on a folder with a past.</summary>
    /// <param name="FirstLook">How long the first answer to "my orders" took, which opens every shard.</param>
    private sealed record Grown(MeasuredHost Host, string Orders, string Looks, TimeSpan FirstLook) : IAsyncDisposable
    {
        private const int LookingAtOnce = 2;
        private const string MyOrders = "/api/v1/orders?limit=20";

        public static async Task<Grown> StartAsync(PastFiles past)
        {
            var host = await MeasuredHost.StartAsync([("Storage:Path", past.Folder), Past.Modules]);
            var buyers = await host.BuyersAsync(Buyers);
            var watch = Stopwatch.StartNew();
            await Api.SendAsync(host.Client, buyers[0], HttpMethod.Get, MyOrders, body: null);
            return new Grown(host, Scripts.Orders(buyers, past.OnSale), Scripts.Get(MyOrders, buyers), watch.Elapsed);
        }

        /// <summary>How long buyers who have just ordered wait for the list of their orders, which looks into every shard.</summary>
        public async Task<TimeSpan> LookAsync() =>
            (await Wrk.RunAsync(Host.At("/"), LookingAtOnce, TimeSpan.FromSeconds(LookingAtOnce), Looks)).Mean;

        public Task<Sale> SellAsync(Plan plan) =>
            Sale.MeasureAsync(Host, () => Wrk.RunAsync(Host.At("/"), plan.Connections, plan.Duration, Orders));

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
