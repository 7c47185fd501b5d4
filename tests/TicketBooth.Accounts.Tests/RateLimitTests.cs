using System.Net;

namespace TicketBooth.Accounts.Tests;

/// <remarks>By itself: it must be quicker than the limits are renewed.</remarks>
[NonParallelizable]
internal sealed class RateLimitTests
{
    // The house's burst for sign-ins from one address is 500.
    private const int Requests = 600;

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
            Assert.That(replies.Count(reply => reply.Status != HttpStatusCode.TooManyRequests), Is.GreaterThanOrEqualTo(500));
        });
    }

    [Test]
    public async Task Nobody_is_when_limits_are_off()
    {
        var replies = await SendManyAsync("/api/v1/accounts/token", enabled: false);

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    private static async Task<Reply[]> SendManyAsync(string path, bool enabled)
    {
        await using var host = await AccountsApi.StartAsync(settings: ("RateLimits:Enabled", enabled ? "true" : "false"));
        return await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => host.SendAsync(HttpMethod.Post, path, new { })));
    }
}
