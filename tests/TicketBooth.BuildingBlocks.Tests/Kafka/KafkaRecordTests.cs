using System.Text;
using Confluent.Kafka;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

public sealed class KafkaRecordTests
{
    private static readonly Guid Row = Guid.Parse("019ab2c3-0000-7000-8000-000000000001");

    [Test]
    public void A_record_says_all_of_its_entry()
    {
        var entry = new OutboxEntry(
            Guid.Parse("019ab2c3-0000-7000-8000-000000000002"),
            "urn:message:TicketBooth.Stalls.Contracts:SeatTaken",
            Row,
            Encoding.UTF8.GetBytes("""{"number":1}"""),
            Guid.Parse("019ab2c3-0000-7000-8000-000000000003"),
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            new DateTimeOffset(2026, 11, 23, 20, 0, 0, 123, TimeSpan.Zero));

        var isRead = KafkaRecord.TryRead(KafkaRecord.Of(entry, "stalls"), out var read, out var problem);

        Assert.That(isRead, Is.True, problem);
        Assert.That(read! with { Body = entry.Body }, Is.EqualTo(entry));
        Assert.That(read!.Body, Is.EqualTo(entry.Body));
    }

    [Test]
    public void A_record_without_a_trace_is_read_too()
    {
        Assert.That(KafkaRecord.TryRead(KafkaRecord.Of(KafkaHost.Entry(Row, 1) with { TraceParent = null }, "stalls"), out var read, out _), Is.True);
        Assert.That(read!.TraceParent, Is.Null);
    }

    [Test]
    public void Other_programs_find_what_they_look_for()
    {
        var entry = KafkaHost.Entry(Row, 1) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        var record = KafkaRecord.Of(entry, "stalls-0001");

        Assert.That(record.Headers.Select(header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))), Is.EquivalentTo(new[]
        {
            ("MT-MessageType", "urn:message:TicketBooth.Stalls.Contracts:SeatTaken"),
            ("Content-Type", "application/json"),
            ("MessageId", entry.MessageId.ToString()),
            ("CorrelationId", Row.ToString()),
            ("traceparent", entry.TraceParent),
            ("TicketBooth-Outbox", "stalls-0001"),
        }));
        Assert.That(Encoding.UTF8.GetString(record.Key), Is.EqualTo(Row.ToString()));
    }

    [TestCase("MT-MessageType", "MT-MessageType is missing")]
    [TestCase("MessageId", "MessageId is missing")]
    [TestCase("CorrelationId", "CorrelationId is missing")]
    public void A_record_without_a_needed_header_is_none_of_ours(string header, string problem)
    {
        var record = KafkaRecord.Of(KafkaHost.Entry(Row, 1), "stalls");
        record.Headers.Remove(header);

        Assert.That(ProblemOf(record), Does.Contain(problem));
    }

    [Test]
    public void A_record_with_strange_contents_is_none_of_ours()
    {
        var strange = KafkaRecord.Of(KafkaHost.Entry(Row, 1), "stalls");
        strange.Headers.Add("MessageId", [0xFF, 0xFE]);
        Assert.That(ProblemOf(strange), Does.Contain("not a UUID"));

        strange = KafkaRecord.Of(KafkaHost.Entry(Row, 1), "stalls");
        strange.Headers.Add("MT-MessageType", null);
        Assert.That(ProblemOf(strange), Does.Contain("MT-MessageType"));

        strange = KafkaRecord.Of(KafkaHost.Entry(Row, 1), "stalls");
        strange.Key = Encoding.UTF8.GetBytes("row 1");
        Assert.That(ProblemOf(strange), Does.Contain("key"));

        Assert.That(ProblemOf(new Message<byte[], byte[]> { Headers = strange.Headers, Value = strange.Value }), Does.Contain("key"));
        Assert.That(ProblemOf(new Message<byte[], byte[]>()), Does.Contain("MT-MessageType"));
    }

    [Test]
    public void A_record_without_a_body_is_none_of_ours()
    {
        var record = KafkaRecord.Of(KafkaHost.Entry(Row, 1), "stalls");

        Assert.That(ProblemOf(new Message<byte[], byte[]> { Key = record.Key, Headers = record.Headers }), Does.Contain("body"));
    }

    private static string? ProblemOf(Message<byte[], byte[]> record)
    {
        Assert.That(KafkaRecord.TryRead(record, out var entry, out var problem), Is.False);
        Assert.That(entry, Is.Null);
        return problem;
    }
}
