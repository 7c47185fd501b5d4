using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard;

/// <summary>The expected failures of this module. Their codes never change.</summary>
internal static class DashboardErrors
{
    public static readonly Error EventNotFound = Error.NotFound("event-not-found", "There is no such published event.");

    public static readonly Error OrderNotFound = Error.NotFound("order-not-found", "There is no such order.");

    public static readonly Error DeadLetterNotFound = Error.NotFound(
        "dead-letter-not-found",
        "There is no such failed message, or it was replayed or dropped meanwhile."
    );

    public static readonly Error DeadLetterFailedAgain = Error.Conflict(
        "dead-letter-failed-again",
        "The module failed on the message again, so it stays in the list. The log has the exception."
    );

    public static readonly Error MaintenanceUnderWay = Error.Conflict(
        "upkeep-under-way",
        "A rebuild or a comparison with the ledger is under way. Wait until it ends."
    );
}
