using System.Diagnostics.Metrics;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Shards;

/// <summary>The figures of the purchase lanes of this host.</summary>
internal sealed class LaneMetrics
{
    public const string MeterName = "TicketBooth.Booking";

    private readonly Meter meter;
    private readonly Counter<long> orders;
    private readonly Histogram<int> batches;
    private readonly Histogram<double> overdue;
    private readonly Histogram<double> held;

    public LaneMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        orders = meter.CreateCounter<long>(
            "ticketbooth.orders",
            "{order}",
            "Orders that entered a state, or were refused with a code, by outcome."
        );
        batches = meter.CreateHistogram(
            "ticketbooth.lane.batch.size",
            "{request}",
            "Requests that a purchase lane wrote together.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] }
        );
        overdue = meter.CreateHistogram(
            "ticketbooth.hold.overdue",
            "s",
            "For how long a hold was over when its tickets were put on sale again.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2, 5, 10, 30, 60, 300] }
        );
        held = meter.CreateHistogram(
            "ticketbooth.hold.duration",
            "s",
            "For how long an order had held its tickets when it was paid, or when it ended without being paid, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600] }
        );
    }

    /// <summary>Shows how many requests wait, by shard.</summary>
    public void ShowDepths(Func<IEnumerable<(int Shard, int Depth)>> depths) =>
        meter.CreateObservableGauge(
            "ticketbooth.lane.depth",
            () => depths().Select(lane => new Measurement<int>(lane.Depth, Tag("shard", lane.Shard))),
            "{request}",
            "Requests that wait in a shard's purchase lane."
        );

    /// <summary>A change of an order is durable.</summary>
    public void Changed(OrderChange change)
    {
        if (change.Before?.Status == change.After.Status)
        {
            return;
        }

        var outcome = Tag("outcome", NameOf(change.After.Status));
        orders.Add(1, outcome);
        if (change.Before is { Status: OrderStatus.OnPayment } held)
        {
            this.held.Record((change.After.ChangedAt - held.PlacedAt).TotalSeconds, outcome);
        }

        if (change.After is { Status: OrderStatus.Expired, EndedAt: { } ended })
        {
            overdue.Record((ended - change.After.ExpiresAt).TotalSeconds);
        }
    }

    /// <summary>A request for tickets was refused.</summary>
    /// <param name="code">The error's: one of a few dozen.</param>
    public void Refused(string code) => orders.Add(1, Tag("outcome", code));

    public void Batch(int size) => batches.Record(size);

    private static string NameOf(OrderStatus status) =>
        status switch
        {
            OrderStatus.OnPayment => "on_payment",
            OrderStatus.Paid => "paid",
            OrderStatus.Expired => "expired",
            OrderStatus.Canceled => "canceled",
            OrderStatus.Refunded => "refunded",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of an order."),
        };

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
