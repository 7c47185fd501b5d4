using Microsoft.Data.Sqlite;
using MongoDB.Bson;
using MongoDB.Driver;
using MySqlConnector;
using TicketBooth.BuildingBlocks.Kernel;
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
            new SqliteException("database is locked", SQLitePCL.raw.SQLITE_BUSY),
            new AggregateException(new SqliteException("database or disk is full", SQLitePCL.raw.SQLITE_FULL)),
            new StorageException("The file cannot be made.", new IOException("No space left on device.")),
            new StoreNotAnsweringException("The shard is being opened."),
        ];

        Assert.That(outages.Select(new OutageDetector().IsOutage), Is.All.True);
    }

    /// <summary>Both let exceptions of the runtime through as they are.</summary>
    [Test]
    public void What_comes_out_of_a_driver_that_finds_no_server_is_an_outage()
    {
        using var mongo = new MongoClient("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100");
        var noServer = Assert.ThrowsAsync<TimeoutException>(() => mongo.GetDatabase("test").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1)));
        using var mySql = new MySqlConnection("Server=127.0.0.1;Port=1;User=nobody");
        var refused = Assert.ThrowsAsync<MySqlException>(() => mySql.OpenAsync());

        Assert.Multiple(() =>
        {
            Assert.That(new OutageDetector().IsOutage(noServer!), Is.True);
            Assert.That(new OutageDetector().IsOutage(refused!), Is.True);
        });
    }

    /// <summary>Somebody else's, for all that can be told: a client that hung up, a gateway, a bug.</summary>
    [Test]
    public void An_error_of_the_network_or_of_a_clock_alone_is_none()
    {
        Exception[] others =
        [
            new TimeoutException("It took too long."),
            new IOException("The connection was reset."),
            new AggregateException(new IOException("The connection was reset.")),
            new HttpRequestException("The gateway hung up.", new IOException("The connection was reset.")),
            new StorageException("The folder belongs to another installation."),
        ];

        Assert.That(others.Select(new OutageDetector().IsOutage), Is.All.False);
    }

    [Test]
    public void A_failure_that_comes_back_with_the_same_request_is_none()
    {
        Exception[] others =
        [
            new MongoException("The pipeline is wrong."),
            new InvalidOperationException("A bug.", new FormatException()),
            new SqliteException("UNIQUE constraint failed", SQLitePCL.raw.SQLITE_CONSTRAINT),
        ];

        Assert.That(others.Select(new OutageDetector().IsOutage), Is.All.False);
    }
}
