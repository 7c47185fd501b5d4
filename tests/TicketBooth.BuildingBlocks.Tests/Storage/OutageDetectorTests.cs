using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

public sealed class OutageDetectorTests
{
    [Test]
    public void What_a_driver_says_of_a_server_that_is_away_is_an_outage()
    {
        var steppedDown = new MongoException("The primary stepped down.");
        steppedDown.AddErrorLabel("RetryableWriteError");
        Exception[] outages =
        [
            new MongoConnectionPoolPausedException("The connection pool is in paused state."),
            steppedDown,
            new TimeoutException("No server was found in time."),
            new AggregateException(new IOException("The connection was reset.")),
        ];

        Assert.That(outages.Select(new OutageDetector().IsOutage), Is.All.True);
    }

    [Test]
    public void A_failure_that_comes_back_with_the_same_request_is_none()
    {
        Exception[] others = [new MongoException("The pipeline is wrong."), new InvalidOperationException("A bug.", new FormatException())];

        Assert.That(others.Select(new OutageDetector().IsOutage), Is.All.False);
    }
}
