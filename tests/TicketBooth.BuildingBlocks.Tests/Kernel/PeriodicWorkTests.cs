using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Kernel;

public sealed class PeriodicWorkTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private FakeTimeProvider clock = null!;
    private FakeLeases leases = null!;
    private Lines log = null!;
    private ServiceProvider services = null!;
    private CountWorker? worker;

    [SetUp]
    public void Prepare()
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        leases = new FakeLeases();
        log = new Lines();
        services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log))
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<ILeases>(leases)
            .AddWorker<IdleWorker>()
            .BuildServiceProvider();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (worker is not null)
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }

        await services.DisposeAsync();
        log.Dispose();
    }

    [Test]
    public async Task Rounds_follow_each_other_an_interval_apart()
    {
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0 }, (_, _) => Task.CompletedTask);
        clock.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.That(worker!.Rounds, Is.Zero);

        clock.Advance(TimeSpan.FromTicks(1));
        await RoundsAsync(1);
        await NextAsync(2);
    }

    [Test]
    public async Task The_first_round_comes_with_the_start_where_the_schedule_says_so()
    {
        await StartAsync(new WorkSchedule(Interval) { StartsAtOnce = true }, (_, _) => Task.CompletedTask);

        await RoundsAsync(1);
    }

    [Test]
    public async Task Jitter_never_makes_a_wait_longer()
    {
        await StartAsync(new WorkSchedule(Interval) { Jitter = 1 }, (_, _) => Task.CompletedTask);
        for (var round = 1; round <= 20; round++)
        {
            var before = worker!.Rounds;
            await Soon.Async(() => worker.Rounds > before, "a round within the interval", () => clock.Advance(Interval));
        }

        Assert.That(log.Of(LogLevel.Error), Is.Empty);
    }

    [Test]
    public async Task A_failed_round_is_logged_counted_and_followed_by_the_next()
    {
        using var rounds = Collect<long>("ticketbooth.work.rounds");
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0 }, (round, _) => round == 1 ? throw new InvalidOperationException("The store is away.") : Task.CompletedTask);

        await NextAsync(1);
        await NextAsync(2);
        await Soon.Async(() => rounds.GetMeasurementSnapshot().Count == 2, "both rounds to be counted");

        Assert.That(log.Of(LogLevel.Error), Is.EqualTo(["A round of Count failed; the next one is the retry"]));
        Assert.That(rounds.GetMeasurementSnapshot().Select(measured => measured.Tags["outcome"]), Is.EqualTo(["failed", "done"]));
    }

    [Test]
    public async Task An_item_that_fails_keeps_none_of_the_others_from_their_turn()
    {
        var done = new List<int>();
        using var rounds = Collect<long>("ticketbooth.work.rounds");
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0 }, (_, ct) => worker!.EachItemAsync(
            [1, 2, 3],
            (item, _) =>
            {
                if (item == 2)
                {
                    throw new InvalidOperationException("Two is broken.");
                }

                done.Add(item);
                return Task.CompletedTask;
            },
            ct));

        await NextAsync(1);
        await Soon.Async(() => rounds.GetMeasurementSnapshot().Count == 1, "the round to be counted");

        Assert.That(done, Is.EqualTo([1, 3]));
        Assert.That(log.Of(LogLevel.Error), Is.EqualTo(["Count failed for 2; the next round is the retry"]));
        Assert.That(rounds.LastMeasurement!.Tags["outcome"], Is.EqualTo("failed"));
    }

    [Test]
    public async Task Rounds_that_keep_failing_have_a_line_a_minute_and_one_when_they_work_again()
    {
        var isBroken = true;
        var start = clock.GetUtcNow();
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0 }, (_, _) => isBroken ? throw new InvalidOperationException("The store is away.") : Task.CompletedTask);
        await NextAsync(25);

        var minutes = (clock.GetUtcNow() - start).TotalMinutes;
        var lines = log.Of(LogLevel.Error);
        Assert.That(lines.Count(line => line.StartsWith("A round of Count failed", StringComparison.Ordinal)), Is.InRange(2, minutes + 1));
        Assert.That(lines, Has.Some.Matches("^[1-9][0-9]* more failures of Count were left out of the log: it keeps failing$"));
        Assert.That(log.Of(LogLevel.Information), Is.Empty);

        isBroken = false;
        await Soon.Async(() => log.Of(LogLevel.Information).Count > 0, "the line that it works again", () => clock.Advance(Interval));
        await NextAsync(worker!.Rounds + 2);

        Assert.That(log.Of(LogLevel.Information), Is.EqualTo(["Count works again"]));
    }

    [Test]
    public async Task Of_many_items_that_fail_five_a_minute_have_a_line()
    {
        var start = clock.GetUtcNow();
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0 }, (_, ct) => worker!.EachItemAsync(
            Enumerable.Range(1, 1_000), (_, _) => throw new InvalidOperationException("All are broken."), ct));
        await NextAsync(15);

        var minutes = (clock.GetUtcNow() - start).TotalMinutes;
        var lines = log.Of(LogLevel.Error);
        Assert.That(lines.Count(line => line.StartsWith("Count failed for", StringComparison.Ordinal)), Is.InRange(5, 5 * (minutes + 1)));
        Assert.That(lines, Has.Some.Matches("^[1-9][0-9]* more failures of Count were left out of the log: it keeps failing$"));
    }

    [Test]
    public async Task A_round_whose_time_is_over_is_canceled_and_counts_as_failed()
    {
        await StartAsync(
            new WorkSchedule(Interval) { Jitter = 0, Timeout = TimeSpan.FromSeconds(30) },
            (round, ct) => round == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, ct) : Task.CompletedTask);
        await NextAsync(1);

        clock.Advance(TimeSpan.FromSeconds(30));
        await RoundsAsync(2);

        Assert.That(log.Of(LogLevel.Error), Is.EqualTo(["A round of Count failed; the next one is the retry"]));
    }

    [Test]
    public async Task A_late_round_is_warned_about_and_counted()
    {
        using var late = Collect<long>("ticketbooth.work.late");
        var first = new TaskCompletionSource();
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0, Timeout = TimeSpan.FromHours(1) }, (round, _) => round == 1 ? first.Task : Task.CompletedTask);
        await NextAsync(1);

        clock.Advance(3 * Interval);
        first.SetResult();
        await RoundsAsync(2);

        Assert.That(log.Of(LogLevel.Warning), Is.EqualTo(["A round of Count began 00:00:20 late"]));
        Assert.That(late.LastMeasurement!.Value, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_the_lease_there_is_no_round()
    {
        leases.Holder = "another host";
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0, Lease = "count" }, (_, _) => Task.CompletedTask);

        await Soon.Async(() => leases.Asked >= 3, "the lease to be asked for", () => clock.Advance(Interval));
        Assert.That(worker!.Rounds, Is.Zero);

        leases.Holder = null;
        await Soon.Async(() => worker.Rounds > 0, "the round of a host that holds the lease", () => clock.Advance(Interval));
    }

    [Test]
    public async Task A_lease_is_renewed_for_as_long_as_a_round_takes()
    {
        var end = new TaskCompletionSource();
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0, Lease = "count", LeaseTime = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromHours(1) }, (_, _) => end.Task);
        await NextAsync(1);

        var asked = leases.Asked;
        await Soon.Async(() => leases.Asked >= asked + 5, "the lease to be renewed", () => clock.Advance(TimeSpan.FromSeconds(1)));
        end.SetResult();
    }

    [Test]
    public async Task A_round_whose_lease_is_lost_is_canceled()
    {
        var canceled = new TaskCompletionSource();
        await StartAsync(
            new WorkSchedule(Interval) { Jitter = 0, Lease = "count", LeaseTime = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromHours(1) },
            (_, ct) =>
            {
                ct.Register(canceled.SetResult);
                return Task.Delay(Timeout.InfiniteTimeSpan, ct);
            });
        await NextAsync(1);

        leases.Holder = "another host";
        await Soon.Async(() => canceled.Task.IsCompleted, "the round to be canceled", () => clock.Advance(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_store_that_cannot_be_asked_costs_the_lease_only_when_its_time_is_over()
    {
        leases.Fails = true;
        await using var renewal = new LeaseRenewal(leases, "count", TimeSpan.FromSeconds(3), clock);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Soon.Async(() => leases.Asked == 1, "the first failed attempt");
        Assert.That(renewal.Lost.IsCancellationRequested, Is.False);

        await Soon.Async(() => renewal.Lost.IsCancellationRequested, "the lease to be lost", () => clock.Advance(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_host_that_stops_gives_its_lease_back()
    {
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0, Lease = "count" }, (_, _) => Task.CompletedTask);
        await NextAsync(1);
        Assert.That(leases.Holder, Is.EqualTo("this host"));

        await worker!.StopAsync(CancellationToken.None);

        Assert.That(leases.Holder, Is.Null);
    }

    [Test]
    public async Task A_round_that_does_not_heed_the_stop_is_left_behind_with_a_warning()
    {
        var never = new TaskCompletionSource();
        await StartAsync(new WorkSchedule(Interval) { StartsAtOnce = true }, (_, _) => never.Task);
        await RoundsAsync(1);

        await worker!.StopAsync(CancellationToken.None).WithinDeadlineAsync();

        Assert.That(log.Of(LogLevel.Warning), Is.EqualTo(["A round of Count did not end when the host stopped, and was left behind"]));
        never.SetResult();
    }

    [Test]
    public async Task Three_failed_rounds_in_a_row_degrade_the_health_and_a_good_one_mends_it()
    {
        var isBroken = true;
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0 }, (_, _) => isBroken ? throw new InvalidOperationException("The store is away.") : Task.CompletedTask);
        Assert.That((await HealthAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        await Soon.Async(async () => (await HealthAsync()).Status == HealthStatus.Degraded, "the health to suffer", () => clock.Advance(Interval));
        Assert.That(worker!.Rounds, Is.GreaterThanOrEqualTo(3));
        Assert.That((await HealthAsync()).Description, Does.StartWith("Count: failing, "));

        isBroken = false;
        await Soon.Async(async () => (await HealthAsync()).Status == HealthStatus.Healthy, "the health to mend", () => clock.Advance(Interval));
    }

    [Test]
    public async Task A_round_that_hangs_is_overdue()
    {
        var never = new TaskCompletionSource();
        await StartAsync(new WorkSchedule(Interval) { Jitter = 0, Timeout = TimeSpan.FromSeconds(30) }, (_, _) => never.Task);
        await NextAsync(1);

        clock.Advance(TimeSpan.FromSeconds(30) + Interval + Interval + TimeSpan.FromTicks(1));

        Assert.That((await HealthAsync()).Description, Does.StartWith("Count: overdue"));
        never.SetResult();
    }

    private async Task StartAsync(WorkSchedule schedule, Func<int, CancellationToken, Task> round)
    {
        worker = new CountWorker(schedule, services.GetRequiredService<WorkServices>(), round);
        await worker.StartAsync(CancellationToken.None);
    }

    private Task<HealthCheckResult> HealthAsync() => services.GetRequiredService<WorkHealth>().CheckHealthAsync(new HealthCheckContext());

    private MetricCollector<T> Collect<T>(string instrument)
        where T : struct => new(services.GetRequiredService<IMeterFactory>(), WorkMetrics.MeterName, instrument);

    /// <summary>Moves the clock until that many rounds have begun.</summary>
    private Task NextAsync(int rounds) => Soon.Async(() => worker!.Rounds >= rounds, $"round {rounds}", () =>
    {
        if (worker!.Rounds < rounds && worker.IsWaiting)
        {
            clock.Advance(Interval);
        }
    });

    private Task RoundsAsync(int rounds) => Soon.Async(() => worker!.Rounds >= rounds, $"round {rounds}");

    private sealed class CountWorker(WorkSchedule schedule, WorkServices services, Func<int, CancellationToken, Task> round) : PeriodicWork(schedule, services)
    {
        private int rounds;
        private int under;

        public int Rounds => Volatile.Read(ref rounds);

        public bool IsWaiting => Volatile.Read(ref under) == 0;

        public Task EachItemAsync(IEnumerable<int> items, Func<int, CancellationToken, Task> act, CancellationToken cancellationToken) => EachAsync(items, act, cancellationToken);

        protected override async Task RunRoundAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref under);
            try
            {
                await round(Interlocked.Increment(ref rounds), cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref under);
            }
        }
    }

    private sealed class IdleWorker(WorkServices services) : PeriodicWork(new WorkSchedule(Interval), services)
    {
        protected override Task RunRoundAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class FakeLeases : ILeases
    {
        private int asked;

        public bool Several => true;

        public string? Holder { get; set; }

        public bool Fails { get; set; }

        public int Asked => Volatile.Read(ref asked);

        public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            if (Fails)
            {
                throw new IOException("The store is away.");
            }

            Holder ??= "this host";
            return Task.FromResult(Holder == "this host");
        }

        public Task ReleaseAsync(string work, CancellationToken cancellationToken)
        {
            Holder = null;
            return Task.CompletedTask;
        }
    }

    /// <summary>What was logged.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly List<(LogLevel Level, string Text)> lines = [];

        public IReadOnlyList<string> Of(LogLevel level)
        {
            lock (lines)
            {
                return [.. lines.Where(line => line.Level == level).Select(line => line.Text)];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add((logLevel, formatter(state, exception)));
            }
        }

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
