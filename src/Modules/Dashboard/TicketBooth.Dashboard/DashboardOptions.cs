using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Dashboard;

/// <summary>Section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    /// <summary>
    /// The IANA name of the time zone in which pages show times and figures are grouped by day. Rebuild the read model after a change.
    /// </summary>
    [Required]
    [TimeZone]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Hours without a request after which a session ends.</summary>
    [Range(1, 24)]
    public int SessionHours { get; set; } = 8;

    /// <summary>Hours after which a session ends however busy it is.</summary>
    [Range(1, 168)]
    public int SessionLimitHours { get; set; } = 24;

    /// <summary>How often the read model is compared with the ledger, in hours; 0 for only by hand.</summary>
    [Range(0, 720)]
    public int ReconcileHours { get; set; } = 6;

    /// <summary>The minutes after which a payment that the gateway has not answered needs attention.</summary>
    [Range(1, 1440)]
    public int StuckPaymentMinutes { get; set; } = 15;

    /// <summary>The percentage of its tickets from which an event is nearly sold out.</summary>
    [Range(1, 100)]
    public int NearlySoldOutPercent { get; set; } = 90;

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class TimeZoneAttribute() : ValidationAttribute("There is no time zone of this name; America/Sao_Paulo is one.")
    {
        public override bool IsValid(object? value) =>
            value is not string { Length: > 0 } name || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
    }
}
