using System.Text.Json;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.BuildingBlocks.Tests.Web;

public sealed class UtcTimeConverterTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new UtcTimeConverter() } };

    [TestCase("2026-11-23T20:00:00Z")]
    [TestCase("2026-11-23T17:00:00-03:00")]
    [TestCase("2026-11-24T01:30:00+05:30")]
    public void Reads_every_offset_as_the_same_moment_in_UTC(string text)
    {
        var time = JsonSerializer.Deserialize<DateTimeOffset>($"\"{text}\"", Json);

        Assert.That(time, Is.EqualTo(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero)));
        Assert.That(time.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase("2026-11-23T20:00:00")]
    [TestCase("2026-11-23T20:00:00.0000000")]
    public void Reads_a_time_without_an_offset_as_UTC(string text) =>
        Assert.That(JsonSerializer.Deserialize<DateTimeOffset>($"\"{text}\"", Json), Is.EqualTo(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero)));

    [TestCase("\"\"")]
    [TestCase("\"soon\"")]
    [TestCase("\"01/02/2026\"", Description = "January or February?")]
    [TestCase("\"23 Nov 2026 20:00\"")]
    [TestCase("\"20:00\"")]
    [TestCase("\"2026-13-01T00:00:00Z\"")]
    [TestCase("1795464000")]
    [TestCase("null")]
    [TestCase("{}")]
    public void Refuses_what_is_not_ISO_8601(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<DateTimeOffset>(json, Json), Throws.InstanceOf<JsonException>());

    [Test]
    public void Writes_UTC_with_a_Z()
    {
        var time = new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.FromHours(-3));

        Assert.That(JsonSerializer.Serialize(time, Json), Is.EqualTo("\"2026-11-23T20:00:00Z\""));
    }

    [FsCheck.NUnit.Property]
    public bool What_it_writes_it_reads_back(DateTime time)
    {
        var moment = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
        return JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(moment, Json), Json) == moment;
    }
}
