using System.Buffers;

namespace TicketBooth.Payments.Http;

/// <summary>Request bodies that must be read byte for byte, before model binding.</summary>
internal static class RawBody
{
    /// <summary>The whole body, or null when it is longer than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAtLeastAsync(limit + 1, cancellationToken);
        var body = read.Buffer.Length > limit ? null : read.Buffer.ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }
}
