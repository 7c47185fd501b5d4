using System.Globalization;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>The figures of a host's <c>/metrics</c> at one moment.</summary>
internal sealed class MetricsPage(string text)
{
    private readonly string[] lines = text.Split('\n');

    /// <summary>Orders that buyers were told about.</summary>
    public long OrdersPlaced =>
        (long)Sum("http_server_request_duration_seconds_count", "http_route=\"/api/v1/orders\"", "http_response_status_code=\"201\"");

    public long AllocatedBytes => (long)Sum("dotnet_gc_heap_total_allocated_bytes_total");

    public long Collections => (long)Sum("dotnet_gc_collections_total");

    /// <summary>For how long collections have stopped all threads.</summary>
    public TimeSpan CollectionPauses => TimeSpan.FromSeconds(Sum("dotnet_gc_pause_time_seconds_total"));

    /// <summary>Messages that wait, as the host counted them a few seconds ago.</summary>
    public long MessagesWaiting => (long)(Sum("ticketbooth_outbox_depth") + Sum("ticketbooth_kafka_lag"));

    public static async Task<MetricsPage> ReadAsync(HttpClient client) => new(await client.GetStringAsync("/metrics"));

    /// <summary>Over all labels that hold these; 0 while there is none.</summary>
    public double Sum(string name, params string[] labels) =>
        lines
            .Where(line =>
                line.StartsWith(name + '{', StringComparison.Ordinal)
                && Array.TrueForAll(labels, label => line.Contains(label, StringComparison.Ordinal))
            )
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
}
