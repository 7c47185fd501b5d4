using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.Maintenance;

/// <summary>A whole host that audits itself, with violations planted in its files behind its back.</summary>
internal sealed class SelfAuditTests
{
    private readonly CapturedLog log = new();
    private TestHost host = null!;
    private BoxOffice office = null!;
    private string eventId = "";

    [SetUp]
    public async Task SellALittleAsync()
    {
        host = await DashboardHost.StartAsync(services: log.AddTo, settings: [("SelfAudit:RecheckMinutes", "0.01"), ("Dashboard:ReconcileHours", "0"), ("Payments:MaxDeclinesPerBuyerPerHour", "0")]);
        office = await BoxOffice.OpenAsync(host);
        eventId = await office.PublishAsync(2_000);
        for (var number = 0; number < 5; number++)
        {
            await office.SellAsync(eventId, number);
        }

        await office.SettledAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await host.DisposeAsync();
        log.Dispose();
    }

    [Test]
    public async Task A_host_that_sells_finds_nothing()
    {
        var stop = new TaskCompletionSource();
        var selling = office.SellUntilAsync(stop.Task, most: 300, eventId);
        await Eventually.Async(() => Task.FromResult(office.Sold), sold => sold > 5, "a sale under way");

        var run = await AuditAsync();

        stop.SetResult();
        await selling;
        Assert.That((run.Kind, run.Differences, run.Report), Is.EqualTo((RunKind.SelfAudit, 0L, "")));
        Assert.That(run.Done, Is.GreaterThan(5));
        Assert.That(await ViolationsAsync(), Is.Zero);
    }

    [Test]
    public void The_age_of_the_latest_pass_counts_from_the_start_where_there_was_none()
    {
        var clock = new FakeTimeProvider();
        var work = ActivatorUtilities.CreateInstance<WorkServices>(host.App.Services, clock);
        using var worker = ActivatorUtilities.CreateInstance<MeasureInvariantsWorker>(host.App.Services, work);
        clock.Advance(TimeSpan.FromHours(30));
        var ages = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, on) =>
        {
            if (instrument.Name == "ticketbooth.invariants.pass.age" && instrument.Meter.Scope == host.App.Services.GetRequiredService<IMeterFactory>())
            {
                on.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, age, _, _) => ages.Add(age));
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.That(ages, Has.One.EqualTo(TimeSpan.FromHours(30).TotalSeconds));
    }

    [Test]
    public async Task A_counter_that_drifted_is_repaired_and_logged()
    {
        var before = await host.Client.GetStringAsync($"/api/v1/events/{eventId}");
        Plant("events.db", "UPDATE tiers SET held = held + 3");

        var run = await AuditAsync();

        Assert.That((run.Differences, run.Report), Is.EqualTo((0L, "")));
        Assert.That(log.Lines, Has.Some.Contains("The self-audit repaired a violation of I7: Tier"));
        Assert.That(await AuditAsync(), Has.Property(nameof(RunRow.Differences)).Zero);
        Assert.That((string?)JsonNode.Parse(await host.Client.GetStringAsync($"/api/v1/events/{eventId}"))!["available"]?.ToString(), Is.EqualTo(JsonNode.Parse(before)!["available"]!.ToString()));
        Assert.That(log.Lines.Count(line => line.Contains("repaired a violation", StringComparison.Ordinal)), Is.EqualTo(2), "a tier each, and once");
    }

    [Test]
    public async Task What_has_no_safe_repair_needs_attention_until_it_is_gone()
    {
        Plant("booking-0001.db", "UPDATE orders SET total = total + 1 WHERE status = 0");

        var run = await AuditAsync();

        Assert.That(run.Differences, Is.EqualTo(1));
        Assert.That(run.Report, Does.StartWith("I6: 1\nI6  order ").And.Contain("is not the sum of its tickets' prices"));
        Assert.That(log.Lines, Has.Some.Contains("The self-audit found a violation of I6: order"));
        Assert.That(await ViolationsAsync(), Is.EqualTo(1));
        using var admin = await Browser.AdminAsync(host);
        Assert.That((await admin.GetAsync("/backoffice")).Text, Does.Contain("violation of a promise in the stored data"));
        Assert.That((await admin.GetAsync("/backoffice/upkeep")).Text, Does.Contain("Check of the promises").And.Contain("is not the sum of its tickets"));

        Plant("booking-0001.db", "UPDATE orders SET total = total - 1 WHERE status = 0");
        Assert.That((await AuditAsync()).Differences, Is.Zero);
        Assert.That(await ViolationsAsync(), Is.Zero);
    }

    [Test]
    public async Task The_form_of_the_page_starts_none()
    {
        using var admin = await Browser.AdminAsync(host);

        await admin.SendFormAsync("/backoffice/upkeep", "/backoffice/upkeep?handler=Start", ("kind", nameof(RunKind.SelfAudit)));

        Assert.That((await admin.GetAsync("/backoffice/upkeep")).Text, Does.Contain("There are no runs yet").And.Not.Contain("The run has started."));
    }

    private void Plant(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(host.Folder, file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // statements of tests
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.That(command.ExecuteNonQuery(), Is.Positive);
    }

    /// <summary>A pass, here and now; what it recorded.</summary>
    private async Task<RunRow> AuditAsync()
    {
        await host.App.Services.GetServices<IHostedService>().OfType<AuditInvariantsWorker>().Single().RunOnceAsync(CancellationToken.None);
        await using var scope = host.App.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<DashboardDbContext>().Runs.LatestPassAsync(CancellationToken.None))!;
    }

    private async Task<int> ViolationsAsync() => (int)(await office.Admin.GetAsync("/api/v1/dashboard/summary"))["attention"]!["violations"]!;
}
