using System.Buffers;
using Microsoft.AspNetCore.Mvc;

namespace TicketBooth.Payments.Http;

/// <summary>Request bodies that must be read byte for byte, before model binding.</summary>
internal static class RawBody
{
    /// <summary>Lets the server read bodies of this many bytes, where it takes less for all other endpoints; a longer one is 413.</summary>
    public static RouteHandlerBuilder WithBodyUpTo(this RouteHandlerBuilder endpoint, int limit) =>
        endpoint.WithMetadata(new RequestSizeLimitAttribute(limit));

    /// <summary>The whole body, or null when it is longer than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAtLeastAsync(limit + 1, cancellationToken);
        var body = read.Buffer.Length > limit ? null : read.Buffer.ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
