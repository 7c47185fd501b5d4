using Microsoft.Extensions.Options;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The time zone of the settings, which the start has checked.</summary>
internal sealed class DashboardZone(IOptions<DashboardOptions> options)
{
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);
}
