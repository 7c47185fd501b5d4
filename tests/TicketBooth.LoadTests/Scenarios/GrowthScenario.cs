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
    private const int OnSale = 30;
    private const int Buyers = 100;

    public string Name => "growth";

    public string Description => "Orders at a host with --orders orders of the past in --events events, beside one with 10,000.";

    public async Task RunAsync(Plan plan, Report report)
    {
        using var bare = await BareHost.StartAsync();
        await using var few = await Grown.MakeAsync(bare, FewOrders, plan);
        await using var many = await Grown.MakeAsync(bare, plan.Orders, plan);
        report.Add("orders of the past", Unit.Count, plan.Orders);
        report.Add("events of the past", Unit.Count, plan.Events);
        report.Add("files", Unit.Megabytes, many.FileBytes / 1e6);
        for (var round = 0; round < plan.Rounds; round++)
        {
            var atFew = await few.SellAsync(plan);
            var atMany = await many.SellAsync(plan);
            atMany.AddTo(report);
            report.Add("orders, with 10,000 of the past", Unit.PerSecond, atFew.Load.Rate);
            report.Add(Measures.GrowthRate, Unit.Times, atMany.Load.Rate / atFew.Load.Rate);
            report.Add(
                "CPU per settled order / with 10,000 of the past",
                Unit.Times,
                atMany.MicrosecondsSettled / atFew.MicrosecondsSettled
            );
        }

        report.Add(Measures.Memory, Unit.Megabytes, many.Host.Cpu.LargestResident / 1e6);
        await Settling.EmptyOutboxesAsync(many.Host);
    }

    /// <summary>A host on a folder with a past.</summary>
    private sealed record Grown(MeasuredHost Host, string Folder, string Orders) : IAsyncDisposable
    {
        public long FileBytes => new DirectoryInfo(Folder).EnumerateFiles().Sum(file => file.Length);

        public static async Task<Grown> MakeAsync(BareHost bare, int orders, Plan plan)
        {
            var folder = Directory.CreateTempSubdirectory("ticketbooth-past-").FullName;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{orders:N0} orders of the past are made in {folder} …"));
            var onSale = await Past.MakeAsync(folder, orders, plan.Events, OnSale);
            var host = await MeasuredHost.StartAsync([("Storage:Path", folder)]);
            var grown = new Grown(host, folder, Scripts.Orders(await host.BuyersAsync(Buyers), onSale));
            await WarmUp.RunAsync(bare, host, plan, grown.Orders);
            return grown;
        }

        public Task<Sale> SellAsync(Plan plan) =>
            Sale.MeasureAsync(Host, () => Wrk.RunAsync(Host.At("/"), plan.Connections, plan.Duration, Orders));

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
