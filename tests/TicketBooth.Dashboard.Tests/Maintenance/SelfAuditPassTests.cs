using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Maintenance;

namespace TicketBooth.Dashboard.Tests.Maintenance;

/// <summary>What counts as a finding, what is repaired, and how much of a core a pass takes.</summary>
internal sealed class SelfAuditPassTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task What_is_gone_a_minute_later_is_no_finding()
    {
        var check = new Check((report, round) => report.Expect(round > 1, "I4", $"A message is under way."));

        Assert.That(await PassAsync(check), Is.Empty);
        Assert.That(check.Rounds, Is.EqualTo(2));
    }

    [Test]
    public async Task What_looks_different_a_minute_later_is_no_finding()
    {
        var check = new Check((report, round) => report.Violation("I7", string.Create(CultureInfo.InvariantCulture, $"It counts {round}.")));

        Assert.That(await PassAsync(check), Is.Empty);
    }

    [Test]
    public async Task What_stays_is_a_finding()
    {
        var check = new Check((report, _) => report.Violation("I1", "A ticket has two orders."));

        Assert.That(await PassAsync(check), Is.EqualTo(new[] { new Violation("I1", "A ticket has two orders.") }));
    }

    [Test]
    public async Task What_has_a_safe_repair_is_repaired_once_it_is_certain()
    {
        var repaired = 0;
        var check = new Check((report, _) => report.Violation("I7", "A counter drifted.", _ => Task.FromResult(++repaired > 0)));

        Assert.That(await PassAsync(check), Is.Empty);
        Assert.That(repaired, Is.EqualTo(1));
    }

    [Test]
    public async Task What_its_repair_did_not_help_is_a_finding()
    {
        var check = new Check((report, _) => report.Violation("I4", "A message waits.", _ => Task.FromResult(false)));

        Assert.That(await PassAsync(check), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Only_checks_that_found_something_are_asked_again_and_none_that_reads_everything_at_once()
    {
        var (good, bad, whole) = (new Check((_, _) => { }), new Other(), new Whole());

        await PassAsync(good, bad, whole);

        Assert.That((good.Rounds, bad.Rounds, whole.Rounds), Is.EqualTo((1, 2, 0)));
    }

    [Test]
    public async Task It_rests_fifty_times_as_long_as_a_step_took_and_tells_that_it_goes_on()
    {
        var told = 0;
        var pace = new AuditPace(clock, _ =>
        {
            told++;
            return Task.CompletedTask;
        });
        clock.Advance(TimeSpan.FromSeconds(1));

        var resting = pace.RestAsync(CancellationToken.None);
        for (var seconds = 0; seconds < 49; seconds++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.That(resting.IsCompleted, Is.False, "a fiftieth of a core, and not more");
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        await resting;
        Assert.That(told, Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public void A_report_is_read_as_it_was_written()
    {
        var many = Enumerable.Range(0, 70).Select(number => new Violation("I5", string.Create(CultureInfo.InvariantCulture, $"Payment {number}: odd")));
        var report = SelfAuditReport.Of([.. many, new Violation("I1", "I1: 9 is what a finding may say")]);

        var read = SelfAuditReport.Parse(report.ToString());

        Assert.That(read.Counts, Is.EquivalentTo(new Dictionary<string, long>(StringComparer.Ordinal) { ["I1"] = 1, ["I5"] = 70 }));
        Assert.That(read.Lines, Has.Count.EqualTo(50).And.EqualTo(report.Lines));
        Assert.That(SelfAuditReport.Parse("").Total, Is.Zero);
    }

    private async Task<IReadOnlyList<Violation>> PassAsync(params IInvariantCheck[] checks)
    {
        var services = new ServiceCollection();
        foreach (var check in checks)
        {
            services.AddScoped(_ => check);
        }

        await using var provider = services.BuildServiceProvider();
        var pass = new SelfAuditPass(
            provider.GetRequiredService<IServiceScopeFactory>(), _ => Task.CompletedTask, TimeSpan.FromMinutes(1), clock, NullLogger.Instance);
        var running = pass.RunAsync(CancellationToken.None);
        while (!running.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(running, Task.Delay(10));
        }

        return await running;
    }

    private class Check(Action<InvariantReport, int> act) : IInvariantCheck
    {
        public int Rounds { get; private set; }

        public virtual bool RunsInSteps => true;

        public Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
        {
            Assert.That(report.IsServed, Is.True);
            act(report, ++Rounds);
            return Task.CompletedTask;
        }
    }

    private sealed class Other() : Check((report, _) => report.Violation("I2", "A file."));

    private sealed class Whole() : Check((report, _) => report.Violation("I2", "A file."))
    {
        public override bool RunsInSteps => false;
    }
}
