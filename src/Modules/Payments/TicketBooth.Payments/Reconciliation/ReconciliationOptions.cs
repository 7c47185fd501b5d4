using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>Section <c>Payments:Reconciliation</c>.</summary>
internal sealed class ReconciliationOptions
{
    /// <summary>At what time of the day, UTC, the gateways are compared with us. Default: 05:00.</summary>
    public TimeOnly At { get; set; } = new(5, 0);

    /// <summary>How many whole days, UTC, before that day are compared. Default: 2; 0 switches the daily comparison off.</summary>
    [Range(0, 60)]
    public int Days { get; set; } = 2;
}
