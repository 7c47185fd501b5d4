using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kafka.Topics;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

public sealed class KafkaTopicsTests
{
    [TestCase("urn:message:TicketBooth.Booking.Contracts:OrderPlaced", ExpectedResult = "ticketbooth.booking")]
    [TestCase("urn:message:TicketBooth.Events.Contracts:EventPublished", ExpectedResult = "ticketbooth.events")]
    [TestCase("urn:message:TicketBooth.Booking:OrderPlaced", ExpectedResult = null)]
    [TestCase("urn:message:TicketBooth..Contracts:OrderPlaced", ExpectedResult = null)]
    [TestCase("urn:message:Elsewhere.Booking.Contracts:OrderPlaced", ExpectedResult = null)]
    [TestCase("OrderPlaced", ExpectedResult = null)]
    public string? Messages_go_to_the_topic_of_the_module_that_publishes_them(string messageType) => Topics(new KafkaOptions()).ForMessages(messageType);

    [Test]
    public void A_consuming_module_has_a_group_and_a_dead_letter_topic()
    {
        var topics = Topics(new KafkaOptions { TopicPrefix = "hall", GroupPrefix = "hall-2" });

        Assert.That((topics.Of("Booking"), topics.DeadLettersOf("Booking"), topics.GroupOf("Booking")), Is.EqualTo(("hall.booking", "hall.booking.dead-letter", "hall-2.booking")));
    }

    private static KafkaTopics Topics(KafkaOptions options) => new(Options.Create(options));
}
