namespace TicketBooth.Booking.Storage;

/// <summary>Which shard has which event, and which idempotency keys were used. Shared by all shards.</summary>
internal interface IBookingDirectory
{
    /// <summary>Ascending.</summary>
    Task<IReadOnlyList<ushort>> ShardsAsync();

    /// <summary>
    /// The event's shard; assigned by the first call. Up to fifty events share a shard; a large event gets one of its own. Two hosts that
    /// call at the same time get the same answer.
    /// </summary>
    Task<ushort> AssignAsync(Guid eventId, bool large);

    /// <summary>
    /// Reserves an idempotency key for an order id and a request body, or returns the reservation that exists. Durable when it completes.
    /// </summary>
    /// <param name="validFrom">Older reservations do not count.</param>
    Task<KeyReservation> ReserveAsync(Guid buyerId, string key, KeyReservation reservation, DateTimeOffset validFrom);

    /// <summary>The reservation of a key; never creates one.</summary>
    /// <param name="validFrom">Older reservations do not count.</param>
    Task<KeyReservation?> FindReservationAsync(Guid buyerId, string key, DateTimeOffset validFrom);

    /// <summary>Stores that the request with this key was refused, and why.</summary>
    Task RefuseAsync(Guid buyerId, string key, string errorCode);

    /// <summary>Deletes the reservations that are older than <paramref name="before"/>.</summary>
    Task ForgetKeysAsync(DateTimeOffset before);
}

/// <summary>What an idempotency key was reserved for.</summary>
/// <param name="OrderId">The id that the order has, or would have had.</param>
/// <param name="BodyHash">SHA-256 of the request.</param>
/// <param name="At">When it was reserved.</param>
/// <param name="RefusedWith">The code of the error that was the answer; null when the order was placed or nothing is answered yet.</param>
internal sealed record KeyReservation(Guid OrderId, string BodyHash, DateTimeOffset At, string? RefusedWith = null);
