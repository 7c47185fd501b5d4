using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Section <c>SelfAudit</c>.</summary>
internal sealed class SelfAuditOptions
{
    /// <summary>Whether hosts check the promises on the stored data by themselves, while they serve.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>From the beginning of one pass over everything to that of the next; a pass that takes longer is followed at once.</summary>
    [Range(1, 10_080)]
    public double EveryMinutes { get; set; } = 60;

    /// <summary>How long a finding must last: what is found is looked for once more after this time.</summary>
    [Range(0.01, 60)]
    public double RecheckMinutes { get; set; } = 1;
}
