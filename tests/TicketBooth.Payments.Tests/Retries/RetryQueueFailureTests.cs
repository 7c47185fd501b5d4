using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Retries;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Retries;

[TestFixture]
internal sealed class RetryQueueFailureTests
{
    [TestCase("before the first await")]
    [TestCase("after an await")]
    [TestCase("canceled by itself")]
    public async Task A_failure_is_logged_and_the_item_is_retried(string when)
    {
        var clock = new FakeTimeProvider();
        var log = new CapturedLog();
        var services = new ServiceCollection();
        log.AddTo(services);
        await using var provider = services.BuildServiceProvider();
        using var queue = new RetryQueue<int>(clock, provider.GetRequiredService<ILogger<RetryQueue<int>>>());
        var attempts = 0;
        queue.Start(1, (_, _) => Interlocked.Increment(ref attempts) switch
        {
            > 1 => Task.FromResult(true),
            _ => when switch
            {
                "before the first await" => throw new InvalidOperationException("at once"),
                "after an await" => FailAsync(),
                _ => Task.FromCanceled<bool>(new CancellationToken(canceled: true)),
            },
        });

        queue.Add(1);
        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(Volatile.Read(ref attempts));
            },
            count => count == 2,
            "the retry");
        await queue.StopAsync();

        Assert.That(log.Lines.Count(line => line.Level == LogLevel.Error && line.Text.Contains("will be retried", StringComparison.Ordinal)), Is.EqualTo(1));

        static async Task<bool> FailAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        }
    }
}
