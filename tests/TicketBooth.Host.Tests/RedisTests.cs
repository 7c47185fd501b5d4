using System.Globalization;
using System.Net;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>What hosts share through Redis, and what they do while it is away.</summary>
/// <remarks>By itself: hosts that ask Redis must be answered in time.</remarks>
[NonParallelizable]
public sealed class RedisTests
{
    private RedisSpace space;

    [SetUp]
    public async Task NewSpace() => space = await RedisSpace.NewAsync();

    [TearDown]
    public async Task Empty() => await space.DisposeAsync();

    [Test]
    public async Task A_script_that_spreads_its_requests_over_hosts_is_slowed_down_as_if_there_were_one()
    {
        await using var first = await StartAsync(space.ConnectionString);
        await using var second = await StartAsync(space.ConnectionString);

        // Each host alone would let its half pass: the burst is 500. A host that does not hear from Redis in time counts alone for two seconds.
        var answers = await Task.WhenAll(SendAsync(first, 490), SendAsync(second, 490));
        var refused = answers.SelectMany(answer => answer).Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(refused, Is.Not.Empty);
            Assert.That(answers.Sum(answer => answer.Length) - refused.Count, Is.GreaterThanOrEqualTo(500));
            Assert.That(refused.Select(answer => answer.Headers.RetryAfter?.Delta), Has.All.EqualTo(TimeSpan.FromSeconds(1)));
        });
    }

    [Test]
    public async Task While_Redis_is_away_each_host_counts_alone_is_degraded_and_comes_back_by_itself()
    {
        var server = space.ConnectionString.Split(',')[0].Split(':');
        await using var proxy = new TestProxy(server[0], int.Parse(server[1], CultureInfo.InvariantCulture));
        await using var host = await StartAsync(FormattableString.Invariant($"127.0.0.1:{proxy.Port}") + space.ConnectionString[space.ConnectionString.IndexOf(',', StringComparison.Ordinal)..]);
        Assert.That(await HealthAsync(host), Is.EqualTo((HttpStatusCode.OK, "Healthy")));

        proxy.Cut();
        var answers = await SendAsync(host, 700);

        Assert.Multiple(async () =>
        {
            Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests), Is.GreaterThan(0).And.LessThanOrEqualTo(200));
            Assert.That(answers.Select(answer => (int)answer.StatusCode), Has.All.LessThan(500));
            Assert.That(await HealthAsync(host), Is.EqualTo((HttpStatusCode.OK, "Degraded")), "and still gets requests");
        });
        proxy.Restore();
        await Eventually.Async(() => HealthAsync(host), health => health == (HttpStatusCode.OK, "Healthy"), "the host to be healthy again");
    }

    private static Task<TestHost> StartAsync(string redis) => TestHost.StartAsync(
        settings: [("RateLimits:Enabled", "true"), ("RateLimits:SignInsPerSecond", "1"), ("RateLimits:SignInBurst", "500"), ("ConnectionStrings:Redis", redis)]);

    /// <summary>A few at a time, so that what a host asks Redis is answered in time on a busy machine.</summary>
    private static async Task<HttpResponseMessage[]> SendAsync(TestHost host, int count)
    {
        var answers = new HttpResponseMessage[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (index, cancellationToken) =>
            answers[index] = await host.Client.PostAsync("/api/v1/accounts/token", null, cancellationToken));
        return answers;
    }

    private static async Task<(HttpStatusCode Status, string Text)> HealthAsync(TestHost host)
    {
        using var answer = await host.Client.GetAsync("/health/ready");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
