using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Observing;

public sealed class TracesTests
{
    [Test]
    public async Task One_purchase_is_one_trace_from_its_request_to_the_dashboard()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var host = await TestHost.StartAsync(settings: [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ]);
        var admin = await TicketBoothApi.AdminAsync(host);
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var published = await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 3));
        var order = await buyer.OrderAsync((string)published["id"]!);
        await buyer.PayAsync((string)order["id"]!);
        await buyer.WaitForOrderAsync((string)order["id"]!, "paid");

        await Eventually.Async(
            () => Task.FromResult(SpansOf("POST /api/v1/orders")),
            spans => spans.Contains("wait for lane")
                && spans.Contains("write lane batch")
                && spans.Contains("write sqlite")
                && spans.Contains("apply messages Events")
                && spans.Contains("apply messages Dashboard"),
            "the trace of the order");
        await Eventually.Async(
            () => Task.FromResult(SpansOf("POST /api/v1/webhooks/payments")),
            spans => spans.Contains("apply messages Booking") && spans.Contains("apply messages Dashboard"),
            "the trace of the gateway's word");

        Assert.That(collector.Spans.Select(span => span.Name), Has.None.Contains("/health"));

        List<string> SpansOf(string root)
        {
            var traces = collector.Spans.Where(span => span.Name == root).Select(span => span.Trace).ToHashSet(StringComparer.Ordinal);
            return [.. collector.Spans.Where(span => traces.Contains(span.Trace)).Select(span => span.Name)];
        }
    }

    [Test]
    public void An_address_that_makes_no_sense_stops_the_start_by_its_name() =>
        Assert.That(
            async () => await TestHost.StartAsync(settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]),
            Throws.Exception.With.Message.Contains("OTEL_EXPORTER_OTLP_ENDPOINT"));
}
