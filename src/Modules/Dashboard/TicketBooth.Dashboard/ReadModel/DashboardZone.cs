using Microsoft.Extensions.Options;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The time zone of the settings, which the start has checked.</summary>
internal sealed class DashboardZone(IOptions<DashboardOptions> options)
{
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    /// <summary>When a day begins. On some days clocks go from midnight to one: then it begins there.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
