namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>What requests with an <c>Idempotency-Key</c> were answered with. All hosts share it.</summary>
public interface IAnsweredRequests
{
    /// <summary>
    /// Reserves an id for <paramref name="request"/>, or returns what it is reserved for. A reservation that has no answer and whose time
    /// is over goes to the next request with the same fingerprint, under its former operation id. Durable when it completes.
    /// </summary>
    /// <param name="id">The user and the key, in a form that reveals neither.</param>
    /// <param name="request">The new reservation.</param>
    /// <param name="validFrom">Older reservations do not count.</param>
    /// <returns>Whether the caller has the reservation and may act, and the reservation.</returns>
    Task<(bool IsMine, AnsweredRequest Request)> ReserveAsync(string id, AnsweredRequest request, DateTimeOffset validFrom);

    /// <summary>Stores the answer to a request. Durable when it completes.</summary>
    Task AnswerAsync(string id, Guid operationId, StoredAnswer answer);

    /// <summary>Ends the time of a reservation whose request failed: what it did is unknown, so only the same request may follow.</summary>
    Task EndAsync(string id, Guid operationId);

    /// <summary>Removes the reservation of a request that did nothing; the key is new again.</summary>
    Task RemoveAsync(string id, Guid operationId);

    /// <summary>Deletes the reservations that are older than <paramref name="before"/>.</summary>
    Task ForgetAsync(DateTimeOffset before);
}

/// <summary>A request with an <c>Idempotency-Key</c>.</summary>
/// <param name="Fingerprint">Of its method, path and body.</param>
/// <param name="OperationId">Stays the same however often the request is repeated.</param>
/// <param name="At">When it was first sent.</param>
/// <param name="Until">When somebody else may act on it, as long as there is no answer.</param>
/// <param name="Answer">Null while there is none.</param>
public sealed record AnsweredRequest(
    string Fingerprint,
    Guid OperationId,
    DateTimeOffset At,
    DateTimeOffset Until,
    StoredAnswer? Answer = null
);

/// <summary>An answer as it was sent.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">Null without a body.</param>
/// <param name="Location">The header; null without one.</param>
/// <param name="ETag">The header; null without one.</param>
/// <param name="Body">The bytes of the body.</param>
public sealed record StoredAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body);
