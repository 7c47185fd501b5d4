using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking;

internal static class BookingErrors
{
    public const string PriceChangedFigure = "total";
    public const string OrderId = "orderId";
    public const string AvailableFigure = "available";
    public const string TicketIds = "ids";
    public const string LeftFigure = "left";
    public const string TotalFigure = "total";

    // These four say what must end before a buyer is erased.
    public static readonly Error OrderOpen = Error.Conflict(
        "order-open",
        "An order waits for its payment. Cancel it, or wait until its hold is over."
    );

    public static readonly Error TicketsValid = Error.Conflict(
        "tickets-valid",
        "There are tickets of a show that is still to come. Cancel the order, or wait until the show is over."
    );

    public static readonly Error RefundOpen = Error.Conflict(
        "refund-open",
        "Money of an order is on its way back, and has not arrived. Wait until it has."
    );

    public static readonly Error DisputeOpen = Error.Conflict(
        "dispute-open",
        "The buyer's bank disputes a payment. Wait until it has decided."
    );

    public static readonly Error NotFound = Error.NotFound("order-not-found", "There is no such order, or it is not yours.");
    public static readonly Error Expired = Error.Rule("order-expired", "The hold on the tickets has run out. Place a new order.");
    public static readonly Error AlreadyPaid = Error.Conflict("order-already-paid", "The order is already paid.");
    public static readonly Error Canceled = Error.Conflict("order-canceled", "The order was canceled.");
    public static readonly Error Changed = Error.Conflict(
        "order-changed",
        "The order's status has changed. Read the order again, then decide."
    );
    public static readonly Error PaymentInProgress = Error.Conflict(
        "payment-in-progress",
        "A payment of this order is still with the gateway."
    );
    public static readonly Error RefundClosed = Error.Rule(
        "refund-closed",
        "The time in which buyers may cancel paid orders of this event has passed."
    );

    public static readonly Error NotPaid = Error.Rule("order-not-paid", "The order was not paid. There is no money to give back.");
    public static readonly Error TicketNotInOrder = Error.Rule("ticket-not-in-order", "At least one of the tickets is not in this order.");
    public static readonly Error TicketReleased = Error.Conflict(
        "ticket-released",
        "At least one of the tickets was released before. The order does not hold it any more."
    );
    public static readonly Error TicketsNotNamed = Error.Rule(
        "tickets-not-named",
        "An amount alone names no tickets to release. Name them in ticketIds."
    );
    public static readonly Error NothingToRefund = Error.Rule(
        "nothing-to-refund",
        "No money is left to give back, and no ticket to release."
    );

    public static readonly Error EventNotFound = Error.NotFound("event-not-found", "There is no such event on sale.");
    public static readonly Error TicketNotFound = Error.NotFound("ticket-not-found", "At least one of the tickets does not exist.");
    public static readonly Error TierNotFound = Error.NotFound("tier-not-found", "The event has no such tier.");
    public static readonly Error DifferentEvents = Error.Rule("tickets-of-different-events", "An order takes tickets of one event.");
    public static readonly Error SaleNotOpen = Error.Rule("sale-not-open", "The event's sale has not opened yet.");
    public static readonly Error SaleClosed = Error.Rule("sale-closed", "The event's sale has closed.");
    public static readonly Error EventCanceled = Error.Rule("event-canceled", "The event was canceled.");

    public static readonly Error TicketTaken = Error.Conflict("ticket-taken", "At least one of the tickets is taken.");
    public static readonly Error NotEnoughTickets = Error.Conflict("not-enough-tickets", "No tier has that many tickets left.");
    public static readonly Error TicketBlockNotFound = Error.NotFound("ticket-block-not-found", "The event has no such ticket block.");
    public static readonly Error TicketsWithdrawn = Error.Rule(
        "tickets-withdrawn",
        "These tickets were withdrawn for good. Only tickets on hold can be released."
    );
    public static readonly Error NotACounterSale = Error.Rule(
        "not-a-counter-sale",
        "The order was not sold at the counter. Cancel or refund it instead."
    );
    public static readonly Error VoidClosed = Error.Rule(
        "void-closed",
        "The time in which the sale could be voided has passed. An administrator refunds it."
    );
    public static readonly Error AdministratorNeeded = Error.Rule(
        "administrator-needed",
        "The time in which the sale could be voided has passed. Only an administrator gives its money back."
    );
    public static readonly Error NothingOwed = Error.Rule("nothing-owed", "The buyer has no money to get at the counter.");
    public static readonly Error ReferenceNeeded = Error.Rule(
        "reference-needed",
        "The sale was paid by card. Reverse it on the terminal first, and give its reference."
    );
    public static readonly Error NoOpenShift = Error.Conflict("no-open-shift", "You have no open shift. Open one first.");
    public static readonly Error ShiftAlreadyOpen = Error.Conflict("shift-already-open", "You have an open shift. Close it first.");
    public static readonly Error ShiftNotFound = Error.NotFound("shift-not-found", "There is no such shift, or it is not yours.");
    public static readonly Error ShiftClosed = Error.Conflict("shift-closed", "The shift is closed.");
    public static readonly Error NotYourShift = Error.Forbidden("not-your-shift", "It is the shift of another clerk.");
    public static readonly Error SalesUnderWay = Error.Conflict(
        "sales-under-way",
        "A sale of the shift is being written. Try again in a moment."
    );
    public static readonly Error KeyReused = Error.Rule(
        "idempotency-key-reused",
        "This Idempotency-Key was used for another request within the last 24 hours."
    );
    public static readonly Error Busy = Error.Unavailable(
        "busy",
        "Too many requests are waiting for this event. Try again.",
        TimeSpan.FromSeconds(1)
    );

    /// <summary>The refusal, and the order of the buyer's own that is the reason for it.</summary>
    public static Error Naming(this Error refusal, Guid orderId) =>
        refusal with
        {
            Detail = $"{refusal.Detail} See your own order {orderId}.",
            Ids = new Dictionary<string, Guid>(StringComparer.Ordinal) { [OrderId] = orderId },
        };

    /// <param name="left">What is left of the order's money, in cents.</param>
    public static Error AmountOverRest(long left) =>
        Error.Rule("amount-over-rest", "That is more than what is left of the order's money.") with
        {
            Figures = new Dictionary<string, long>(StringComparer.Ordinal) { [LeftFigure] = left },
        };

    /// <param name="currency">That of the shift.</param>
    public static Error ShiftCurrency(string currency) =>
        Error.Rule("shift-currency", $"The open shift is in {currency}. It takes no other money.");

    /// <param name="total">What the tickets cost, in cents.</param>
    public static Error TenderedTooLittle(long total) =>
        Error.Rule("tendered-too-little", "The amount tendered is less than the total.") with
        {
            Figures = new Dictionary<string, long>(StringComparer.Ordinal) { [TotalFigure] = total },
        };

    /// <param name="left">How many tickets may still be given away.</param>
    public static Error AllowanceUsed(int left) =>
        Error.Conflict("complimentary-allowance", "The event's allowance has no room for that many complimentary tickets.") with
        {
            Figures = new Dictionary<string, long>(StringComparer.Ordinal) { [LeftFigure] = left },
        };

    /// <param name="total">What the tickets cost now, in cents.</param>
    public static Error PriceChanged(long total) =>
        Error.Conflict("price-changed", "The price has changed. Order again with the new total if you accept it.") with
        {
            Figures = new Dictionary<string, long>(StringComparer.Ordinal) { [PriceChangedFigure] = total },
        };

    /// <param name="available">How many could be taken.</param>
    public static Error FewerTickets(int available) =>
        Error.Conflict(
            NotEnoughTickets.Code,
            FormattableString.Invariant($"The tier has {available} tickets left that nobody holds or owns.")
        ) with
        {
            Figures = new Dictionary<string, long>(StringComparer.Ordinal) { [AvailableFigure] = available },
        };

    /// <summary>The refusal of a block, by the numbers and ids of the tickets that somebody has.</summary>
    public static Error TicketsUnavailable(string numbers, IReadOnlyList<Guid> ids) =>
        Error.Conflict("tickets-unavailable", $"Already sold, awaiting payment or off sale: {numbers}. Nothing was changed.") with
        {
            IdLists = new Dictionary<string, IReadOnlyList<Guid>>(StringComparer.Ordinal) { [TicketIds] = ids },
        };

    /// <summary>As <see cref="TicketNotFound"/>, by the numbers.</summary>
    public static Error NoSuchTickets(string numbers) => TicketNotFound with { Detail = $"The event has no tickets {numbers}." };

    public static Error TicketLimit(int limit) =>
        Error.Rule("ticket-limit", FormattableString.Invariant($"One buyer may have at most {limit} tickets of this event."));

    public static Error HoldLimit(int limit) =>
        Error.Rule(
            "hold-limit",
            FormattableString.Invariant($"One buyer may have at most {limit} unpaid orders of this event. Pay or cancel one first.")
        );

    public static Error HoldPause(TimeSpan left) =>
        new(
            "hold-pause",
            ErrorKind.TooManyRequests,
            "Tickets of this event that you held were not paid. Order again when the time in Retry-After has passed.",
            RetryAfter: left
        );
}
