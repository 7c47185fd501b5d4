using System.Diagnostics.Metrics;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The figures of the back office of this host.</summary>
internal sealed class DashboardMetrics(IMeterFactory meters)
{
    public const string MeterName = "TicketBooth.Dashboard";

    private readonly UpDownCounter<int> streams = meters
        .Create(MeterName)
        .CreateUpDownCounter<int>("ticketbooth.backoffice.streams", "{stream}", "Streams of live figures that are open.");

    public void StreamOpened() => streams.Add(1);

    public void StreamClosed() => streams.Add(-1);
}
