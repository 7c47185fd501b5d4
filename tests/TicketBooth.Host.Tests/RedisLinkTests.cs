using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Redis;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

internal sealed class RedisLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly FakeTimeProvider clock = new();
    private ServiceProvider services = null!;
    private RedisSpace space = null!;
    private TestProxy proxy = null!;

    private string Options => space.ConnectionString[space.ConnectionString.IndexOf(',', StringComparison.Ordinal)..];

    private string ThroughProxy => FormattableString.Invariant($"127.0.0.1:{proxy.Port}") + Options;

    [SetUp]
    public async Task Make()
    {
        services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        space = await RedisSpace.NewAsync();
        var server = space.ConnectionString.Split(',')[0].Split(':');
        proxy = new TestProxy(server[0], int.Parse(server[1], CultureInfo.InvariantCulture));
    }

    [TearDown]
    public async Task Drop()
    {
        await proxy.DisposeAsync();
        await space.DisposeAsync();
        await services.DisposeAsync();
    }

    [TestCase("127.0.0.1:1,password=secret", "no server answers")]
    [TestCase("192.0.2.1:6379,password=secret", "no server answers")]
    [TestCase("no-such-host.invalid:6379,password=secret", "no server answers")]
    public async Task A_server_that_cannot_be_reached_stops_the_start_soon_and_says_why(string setting, string reason)
    {
        await using var link = Link(setting);
        var began = Stopwatch.StartNew();

        var failure = Assert.ThrowsAsync<StorageException>(() => link.OpenAsync(CancellationToken.None));

        Assert.Multiple(() =>
        {
            Assert.That(failure!.Message, Does.StartWith("ConnectionStrings:Redis: ").And.Contain(reason).And.Contain(setting.Split(',')[0]).And.Not.Contain("secret"));
            Assert.That(began.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
        });
    }

    [Test]
    public async Task A_server_that_refuses_or_hangs_stops_the_start_soon_and_says_why()
    {
        await using var refused = Link(space.ConnectionString.Split(',')[0] + ",password=wrong-secret");
        await using var hanging = Link(ThroughProxy);

        var refusal = Assert.ThrowsAsync<StorageException>(() => refused.OpenAsync(CancellationToken.None));
        proxy.Hush();
        var began = Stopwatch.StartNew();
        var silence = Assert.ThrowsAsync<StorageException>(() => hanging.OpenAsync(CancellationToken.None));

        Assert.Multiple(() =>
        {
            Assert.That(refusal!.Message, Does.StartWith("ConnectionStrings:Redis: ").And.Contain("refuses the user name or password").And.Not.Contain("secret"));
            Assert.That(silence!.Message, Does.StartWith("ConnectionStrings:Redis: ").And.Contain("no server answers"));
            Assert.That(began.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)));
        });
    }

    [TestCase("127.0.0.1:6379,password=half,secret=x")]
    [TestCase("127.0.0.1:6379,connectTimeout=secret")]
    [TestCase("password=secret")]
    public void What_is_no_connection_string_is_not_quoted(string setting)
    {
        var failure = Assert.Throws<StorageException>(() => Link(setting));

        Assert.That(failure!.Message, Does.StartWith("ConnectionStrings:Redis: ").And.Not.Contain("secret").And.Not.Contain("half"));
    }

    [Test]
    public async Task Keys_begin_with_the_prefix_of_the_connection_string()
    {
        await using var named = Link("127.0.0.1:6379,channelPrefix=shop:");
        await using var unnamed = Link("127.0.0.1:6379");

        Assert.That(named.Prefix, Is.EqualTo("shop:"));
        Assert.That(unnamed.Prefix, Is.EqualTo("ticketbooth:"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task After_a_failure_nobody_asks_for_two_seconds_and_then_one_question_tries(bool hangs)
    {
        await using var link = Link(ThroughProxy);
        await link.OpenAsync(CancellationToken.None);
        Assert.That((await AskAsync(link)).IsAnswered, Is.True);

        if (hangs)
        {
            proxy.Hush();
        }
        else
        {
            proxy.Cut();
        }

        Assert.That((await AskAsync(link)).IsAnswered, Is.False);
        Assert.That(link.IsUp, Is.False);
        proxy.Restore();

        var asked = 0;
        clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.That(await link.TryAsync(0, (_, _) => Task.FromResult(asked++), Patience), Is.EqualTo((false, 0)));
        Assert.That(asked, Is.Zero, "not even tried");

        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return AskAsync(link).AsTask();
            },
            answer => answer.IsAnswered,
            "Redis to answer again");
        Assert.That(link.IsUp, Is.True);
    }

    [Test]
    public async Task While_one_question_tries_the_others_do_not_wait()
    {
        await using var link = Link(space.ConnectionString);
        await link.OpenAsync(CancellationToken.None);
        await link.TryAsync<int, int>(0, (_, _) => throw new TimeoutException("Away."), Patience);
        clock.Advance(TimeSpan.FromSeconds(2));
        var held = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        var trial = link.TryAsync(0, (_, _) => held.Task, TimeSpan.FromSeconds(30)).AsTask();
        Assert.That((await AskAsync(link)).IsAnswered, Is.False);
        held.SetResult(7);

        Assert.That(await trial, Is.EqualTo((true, 7)));
        Assert.That((await AskAsync(link)).IsAnswered, Is.True);
    }

    private static ValueTask<(bool IsAnswered, TimeSpan Answer)> AskAsync(RedisLink link) => link.TryAsync(0, static (database, _) => database.PingAsync(), Patience);

    private RedisLink Link(string setting) => new(
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(RedisLink.Setting, setting)]).Build(),
        clock, services.GetRequiredService<IMeterFactory>(), NullLogger<RedisLink>.Instance);
}
