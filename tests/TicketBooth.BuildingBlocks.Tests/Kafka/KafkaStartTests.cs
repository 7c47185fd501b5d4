using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.KafkaMock;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class KafkaStartTests
{
    /// <summary>An address where nobody listens.</summary>
    private const string Unused = "127.0.0.1:1";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Brokers_that_do_not_answer_stop_the_start_in_time_with_the_settings_name()
    {
        await using var host = KafkaHost.Build(Unused, [new FakeModule("Foyer")]);
        var start = Stopwatch.GetTimestamp();

        Assert.That(() => host.StartAsync(), Refuses("no broker answered"));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Limit));
    }

    [Test]
    public async Task Topics_that_are_missing_and_cannot_be_made_stop_the_start_with_their_names()
    {
        using var cluster = new MockKafkaCluster();
        cluster.CreateTopic("ticketbooth.stalls", 1);
        cluster.CreateTopic("ticketbooth.foyer", 1);
        await using var host = KafkaHost.Build(cluster.Bootstrap, [new FakeModule("Foyer")]);
        var start = Stopwatch.GetTimestamp();

        // The mock cluster has no admin requests, as a user of a real one may have no rights.
        Assert.That(() => host.StartAsync(), Refuses("the topics ticketbooth.foyer.dead-letter are missing"));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Limit));
    }

    [Test]
    public async Task Topics_that_are_there_need_no_right_to_make_them()
    {
        using var cluster = new MockKafkaCluster();
        foreach (var topic in new[] { "hall.stalls", "hall.foyer", "hall.foyer.dead-letter" })
        {
            cluster.CreateTopic(topic, 1);
        }

        await using var host = KafkaHost.Build(cluster.Bootstrap, [new FakeModule("Foyer")], clock: null, ("Kafka:TopicPrefix", "hall"));

        await host.StartAsync();

        Assert.That(await host.HealthAsync(), Is.EqualTo(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy));
    }

    [TestCase("Kafka:Client:security.protocol", "WHISPER")]
    [TestCase("Kafka:Client:no.such.property", "1")]
    public async Task A_property_that_the_client_does_not_know_stops_the_start(string setting, string value)
    {
        await using var host = KafkaHost.Build(Unused, [new FakeModule("Foyer")], clock: null, (setting, value));

        Assert.That(() => host.StartAsync(), Refuses("Kafka:Client"));
    }

    [Test]
    public async Task Properties_that_make_no_consumer_stop_the_start()
    {
        using var cluster = new MockKafkaCluster();
        foreach (var topic in new[] { "ticketbooth.stalls", "ticketbooth.foyer", "ticketbooth.foyer.dead-letter" })
        {
            cluster.CreateTopic(topic, 1);
        }

        await using var host = KafkaHost.Build(
            cluster.Bootstrap, [new FakeModule("Foyer")], clock: null, ("Kafka:GroupProtocol", "Classic"), ("Kafka:Client:max.poll.interval.ms", "1000"));

        Assert.That(() => host.StartAsync(), Refuses("max.poll.interval.ms"), "which is shorter than the session");
    }

    [TestCase("Kafka:Partitions", "0")]
    [TestCase("Kafka:Replication", "-1")]
    [TestCase("Kafka:TopicPrefix", "ticket booth")]
    [TestCase("Kafka:GroupPrefix", "")]
    [TestCase("Kafka:FetchWaitMilliseconds", "0")]
    [TestCase("Kafka:GroupProtocol", "7")]
    public async Task A_setting_that_makes_no_sense_stops_the_start_with_its_name(string setting, string value)
    {
        await using var host = KafkaHost.Build(Unused, [new FakeModule("Foyer")], clock: null, (setting, value));

        Assert.That(() => host.StartAsync(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(setting));
    }

    [TestCase(null, ExpectedResult = false)]
    [TestCase(" ", ExpectedResult = false)]
    [TestCase("kafka:9092", ExpectedResult = true)]
    public bool The_connection_string_switches_Kafka_on(string? value) =>
        KafkaConnection.IsOn(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:Kafka", value)]).Build());

    private static NUnit.Framework.Constraints.Constraint Refuses(string why) =>
        Throws.InstanceOf<OptionsValidationException>().With.Message.StartsWith("ConnectionStrings:Kafka: ").And.Message.Contains(why);
}
