using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Dashboard;

/// <summary>Section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    /// <summary>Whose days the figures are counted in and whose time the pages show, by its IANA name. Another one wants a rebuild of the read model.</summary>
    [Required]
    [TimeZone]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Hours without a request until somebody must sign in again.</summary>
    [Range(1, 24)]
    public int SessionHours { get; set; } = 8;

    /// <summary>How often the read model is compared with the ledger, in hours; 0 for only when somebody asks.</summary>
    [Range(0, 720)]
    public int ReconcileHours { get; set; } = 6;

    /// <summary>After how many minutes without the gateway's answer a payment needs attention.</summary>
    [Range(1, 1440)]
    public int StuckPaymentMinutes { get; set; } = 15;

    /// <summary>From which percentage of its tickets on an event is nearly sold out.</summary>
    [Range(1, 100)]
    public int NearlySoldOutPercent { get; set; } = 90;

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class TimeZoneAttribute() : ValidationAttribute("There is no time zone of this name; America/Sao_Paulo is one.")
    {
        public override bool IsValid(object? value) =>
            value is not string { Length: > 0 } name || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
    }
}
