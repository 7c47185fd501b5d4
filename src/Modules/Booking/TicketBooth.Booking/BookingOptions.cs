using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Booking;

/// <summary>Section <c>Booking</c>.</summary>
internal sealed class BookingOptions
{
    /// <summary>How long an unpaid order holds its tickets, in minutes; fractions are allowed.</summary>
    [Range(0.01, 24 * 60)]
    public double HoldMinutes { get; set; } = 10;

    /// <summary>
    /// How long a hold lasts, at least, from the start of a payment, in minutes. Counts as <see cref="HoldMinutes"/> when it is more
    /// than that.
    /// </summary>
    [Range(0.01, 24 * 60)]
    public double PaymentMinutes { get; set; } = 5;

    [Range(1, 100)]
    public int MaxTicketsPerOrder { get; set; } = 10;

    /// <summary>Tickets of one event that one buyer may hold or own at a time; 0 means no limit.</summary>
    [Range(0, 10_000)]
    public int MaxTicketsPerBuyer { get; set; } = 10;

    /// <summary>Unpaid orders of one event that one buyer may have at a time; 0 means no limit.</summary>
    [Range(0, 10_000)]
    public int MaxHoldsPerBuyer { get; set; } = 3;

    /// <summary>
    /// For how long a buyer may not order tickets of an event after a hold of theirs was not paid, in seconds. Doubles with each further
    /// one within a day, up to an hour. 0 means no pause.
    /// </summary>
    [Range(0, 3_600)]
    public int LapsePauseSeconds { get; set; } = 30;

    /// <summary>How many requests may wait for one shard; the next one is refused as <c>busy</c>.</summary>
    [Range(1, 1_000_000)]
    public int LaneCapacity { get; set; } = 4_096;

    /// <summary>
    /// Whether tickets become free when all of an order's money was given back at the gateway's own console. Otherwise the order stays
    /// paid with nothing left of its money, and staff decide.
    /// </summary>
    public bool ConsoleRefundsReleaseTickets { get; set; }

    /// <summary>
    /// By how much a show must be moved, in hours, for its buyers to get their money back without a fee; fractions are allowed.
    /// </summary>
    [Range(0, 366 * 24)]
    public double PostponedAfterHours { get; set; } = 24;

    /// <summary>For how many days after the move they get it, but never beyond the new start; 0 switches that off.</summary>
    [Range(0, 366)]
    public double PostponedRefundDays { get; set; } = 14;

    /// <summary>For how long a sale at the counter may be voided, in minutes; fractions are allowed.</summary>
    [Range(0, 24 * 60)]
    public double CounterVoidMinutes { get; set; } = 15;

    public TimeSpan CounterVoid => TimeSpan.FromMinutes(CounterVoidMinutes);

    public TimeSpan Hold => TimeSpan.FromMinutes(HoldMinutes);

    public TimeSpan LapsePause => TimeSpan.FromSeconds(LapsePauseSeconds);

    public TimeSpan PaymentTime => TimeSpan.FromMinutes(Math.Min(HoldMinutes, PaymentMinutes));
}
