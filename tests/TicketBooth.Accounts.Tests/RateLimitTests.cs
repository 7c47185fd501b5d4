using System.Net;
using System.Net.Http.Json;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <remarks>By itself: it must be quicker than the limits are renewed.</remarks>
[NonParallelizable]
internal sealed class RateLimitTests
{
    private const int Burst = 60;
    private const int Requests = 5 * Burst;

    [TestCase("/api/v1/accounts")]
    [TestCase("/api/v1/accounts/token")]
    [TestCase("/api/v1/accounts/sign-out")]
    public async Task A_script_is_slowed_down(string path)
    {
        var replies = await SendManyAsync(path, enabled: true);
        var refused = replies.Where(reply => reply.Status == HttpStatusCode.TooManyRequests).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(refused, Is.Not.Empty);
            Assert.That(refused.Select(reply => reply.Code), Is.All.EqualTo("rate-limited"));
            Assert.That(refused.Select(reply => reply.Headers.RetryAfter), Has.None.Null);
            Assert.That(replies.Count(reply => reply.Status != HttpStatusCode.TooManyRequests), Is.GreaterThanOrEqualTo(Burst));
        });
    }

    [Test]
    public async Task Nobody_is_when_limits_are_off()
    {
        var replies = await SendManyAsync("/api/v1/accounts/token", enabled: false);

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", true)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    public async Task Limits_count_by_the_address_that_a_known_proxy_names(string first, string second, bool together)
    {
        await using var host = await AccountsApi.StartAsync(
            settings: [("RateLimits:Enabled", "true"), ("RateLimits:SignInBurst", "1"), ("RateLimits:SignInsPerSecond", "1"), ("Web:KnownProxies", "127.0.0.1")]);

        await ThroughProxyAsync(host, first);
        var again = await ThroughProxyAsync(host, first);
        var other = await ThroughProxyAsync(host, second);

        Assert.That(again, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(other, Is.EqualTo(together ? HttpStatusCode.TooManyRequests : HttpStatusCode.UnprocessableEntity));
    }

    [Test]
    public async Task A_client_that_is_no_known_proxy_cannot_name_another_address()
    {
        await using var host = await AccountsApi.StartAsync(
            settings: [("RateLimits:Enabled", "true"), ("RateLimits:SignInBurst", "1"), ("RateLimits:SignInsPerSecond", "1")]);

        await ThroughProxyAsync(host, "192.0.2.1");

        Assert.That(await ThroughProxyAsync(host, "192.0.2.2"), Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    private static async Task<HttpStatusCode> ThroughProxyAsync(TestHost host, string client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts/token");
        request.Content = JsonContent.Create(new { });
        request.Headers.Add("X-Forwarded-For", client);
        using var answer = await host.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<Reply[]> SendManyAsync(string path, bool enabled)
    {
        await using var host = await AccountsApi.StartAsync(settings: ("RateLimits:Enabled", enabled ? "true" : "false"));
        return await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => host.SendAsync(HttpMethod.Post, path, new { })));
    }
}
