using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Dashboard;

/// <summary>Section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    /// <summary>The zone that the back office shows times in, by its IANA name.</summary>
    [Required]
    [TimeZone]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Hours without a request until somebody must sign in again.</summary>
    [Range(1, 24)]
    public int SessionHours { get; set; } = 8;

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class TimeZoneAttribute() : ValidationAttribute("There is no time zone of this name; America/Sao_Paulo is one.")
    {
        public override bool IsValid(object? value) => value is not string { Length: > 0 } name || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
    }
}
