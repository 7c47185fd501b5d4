using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Domain;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Events.Managing;

/// <summary>
/// A draft is saved and published only in a currency that buyers can pay in. A published event keeps its currency, whatever the gateways
/// accept by now: its prices and texts must still be open to an edit.
/// </summary>
internal static class CurrencyRule
{
    /// <param name="after">The event as it is to be written.</param>
    /// <param name="before">As it is stored; null for a new one.</param>
    /// <param name="accepted">By the gateways.</param>
    public static Result<Event> InAcceptedCurrency(this Result<Event> after, Event? before, AcceptedCurrencies accepted) =>
        after.IsSuccess && before is not { IsPublished: true } && !accepted.Include(after.Value.Currency)
            ? EventsErrors.CurrencyNotAccepted
            : after;
}
