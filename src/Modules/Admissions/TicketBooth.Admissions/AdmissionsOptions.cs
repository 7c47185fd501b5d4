using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Admissions;

/// <summary>Section <c>Admissions</c>.</summary>
internal sealed class AdmissionsOptions
{
    /// <summary>The days for which a signed link to an order's tickets works.</summary>
    [Range(1, 730)]
    public int LinkDays { get; set; } = 90;
}
