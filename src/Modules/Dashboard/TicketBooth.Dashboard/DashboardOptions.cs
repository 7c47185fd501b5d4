using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace TicketBooth.Dashboard;

/// <summary>The section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    /// <summary>Whose days the figures are counted in and whose time the pages show: an IANA name. Another one wants a rebuild.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>How often the read model is compared with the ledger, in hours; 0 for only when somebody asks.</summary>
    [Range(0, 720)]
    public int ReconcileHours { get; set; } = 6;

    /// <summary>After how many minutes without the gateway's answer a payment needs attention.</summary>
    [Range(1, 1440)]
    public int StuckPaymentMinutes { get; set; } = 15;

    /// <summary>From which percentage of its tickets on an event is nearly sold out.</summary>
    [Range(1, 100)]
    public int NearlySoldOutPercent { get; set; } = 90;
}

/// <summary>The time zone of the settings.</summary>
internal sealed class DashboardZone(IOptions<DashboardOptions> options)
{
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.TryFindSystemTimeZoneById(options.Value.TimeZone, out var zone)
        ? zone
        : throw new OptionsValidationException("Dashboard", typeof(DashboardOptions), [$"Dashboard:TimeZone: there is no time zone '{options.Value.TimeZone}' on this machine."]);
}
