using System.Collections.Concurrent;
using System.Globalization;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Orders;

/// <summary>
/// Gives requests with the same key the same answer for 24 hours. A key reserves the order's id before the order is placed, so a repeated
/// request can only find or place that one order, on any host and after any crash.
/// </summary>
/// <remarks>
/// A placed order needs no second record: its immutable part is the answer. A refusal is stored by its code, a changed price with the new
/// total, and what an own order is the reason for with that order's id. Answers that mean "not now" (busy, paused, unavailable) are not
/// stored: they ask the client to try again.
/// </remarks>
internal sealed class IdempotentRequests(
    IBookingDirectory directory,
    ShardRegistry shards,
    Microsoft.Extensions.Options.IOptions<BookingOptions> options,
    TimeProvider clock
)
{
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    // Concurrent requests with one key share one execution; the store settles those of other hosts.
    private readonly ConcurrentDictionary<(Guid Buyer, string Key, string Body), Lazy<Task<Result<OrderView>>>> running = new();

    public async Task<Result<OrderView>> RunAsync(
        Guid buyerId,
        string key,
        string bodyHash,
        Guid newOrderId,
        Func<Guid, Task<Result<OrderView>>> place
    )
    {
        var id = (buyerId, key, bodyHash);
        var execution = running.GetOrAdd(id, _ => new Lazy<Task<Result<OrderView>>>(() =>
            ExecuteAsync(buyerId, key, bodyHash, newOrderId, place)
        ));
        try
        {
            return await execution.Value;
        }
        finally
        {
            running.TryRemove(KeyValuePair.Create(id, execution));
        }
    }

    /// <summary>
    /// The answer that a request with the key got before, even if a new request would be refused now; otherwise <paramref name="refusal"/>.
    /// Reserves nothing.
    /// </summary>
    public async Task<Result<OrderView>> RecallAsync(Guid buyerId, string key, string bodyHash, Error refusal)
    {
        var reservation = await directory.FindReservationAsync(buyerId, key, validFrom: clock.GetUtcNow() - Remembered);
        return reservation is not null && await AnswerAsync(reservation, bodyHash) is { } earlier ? earlier : refusal;
    }

    private async Task<Result<OrderView>> ExecuteAsync(
        Guid buyerId,
        string key,
        string bodyHash,
        Guid newOrderId,
        Func<Guid, Task<Result<OrderView>>> place
    )
    {
        var now = clock.GetUtcNow();
        var reservation = await directory.ReserveAsync(
            buyerId,
            key,
            new KeyReservation(newOrderId, bodyHash, now),
            validFrom: now - Remembered
        );
        if (reservation.OrderId != newOrderId && await AnswerAsync(reservation, bodyHash) is { } earlier)
        {
            return earlier;
        }

        var answer = await place(reservation.OrderId);
        if (answer.Error is { } refusal && Refusals.Any(known => known.Code == refusal.Code))
        {
            // Another host may have placed the order of this key meanwhile: then that order is the answer.
            if (await FindAsync(reservation.OrderId) is { } placed)
            {
                return placed;
            }

            await directory.RefuseAsync(buyerId, key, NoteOf(refusal));
        }

        return answer.Map(AsPlaced);
    }

    /// <summary>The stored answer to a request with the key; null when there is none yet.</summary>
    private async Task<Result<OrderView>?> AnswerAsync(KeyReservation reservation, string bodyHash)
    {
        if (reservation.BodyHash != bodyHash)
        {
            return BookingErrors.KeyReused;
        }

        // The order first: if there is one, its buyer may have got it as the answer, whatever refusal a slower host stored.
        if (await FindAsync(reservation.OrderId) is { } placed)
        {
            return placed;
        }

        if (reservation.RefusedWith is { } note)
        {
            return ReadNote(note);
        }

        return null;
    }

    private async Task<OrderView?> FindAsync(Guid orderId) =>
        await shards.FindAsync(orderId) is { } shard && await shard.FindAsync(orderId) is { } order ? AsPlaced(order.ToView()) : null;

    /// <summary>The order as it was when it was placed.</summary>
    private OrderView AsPlaced(OrderView order) =>
        order with
        {
            // What costs nothing was paid at once.
            Status = order.Total == 0 ? OrderStatus.Paid : OrderStatus.OnPayment,
            ExpiresAt = order.Total == 0 ? order.PlacedAt : order.PlacedAt + options.Value.Hold,
            Payment = null,
            Tickets = order.Refunds.Count == 0 ? order.Tickets : [.. order.Tickets.Select(ticket => ticket with { Released = false })],
            Returned = 0,
            Refunds = [],
        };

    /// <summary>The errors that a lane may answer with; all others are answered before a key is reserved.</summary>
    private Error[] Refusals { get; } =
    [
        BookingErrors.TicketTaken,
        BookingErrors.NotEnoughTickets,
        BookingErrors.EventCanceled,
        BookingErrors.TicketLimit(options.Value.MaxTicketsPerBuyer),
        BookingErrors.HoldLimit(options.Value.MaxHoldsPerBuyer),
        BookingErrors.PriceChanged(total: 0),
    ];

    /// <summary>A refusal as it is stored: its code, and the figure or id that goes with it.</summary>
    private static string NoteOf(Error refusal) =>
        refusal switch
        {
            { Figures: { } figures } => FormattableString.Invariant($"{refusal.Code} {figures[BookingErrors.PriceChangedFigure]}"),
            { Ids: { } ids } => $"{refusal.Code} {ids[BookingErrors.OrderId]}",
            _ => refusal.Code,
        };

    private Error ReadNote(string note) =>
        note.Split(' ') switch
        {
            [var code, var orderId] when Guid.TryParse(orderId, out var id) => Refusals.Single(known => known.Code == code).Naming(id),
            [_, var total] => BookingErrors.PriceChanged(long.Parse(total, CultureInfo.InvariantCulture)),
            _ => Refusals.Single(known => known.Code == note),
        };
}
