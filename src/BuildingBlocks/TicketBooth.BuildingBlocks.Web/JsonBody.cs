using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// Writes a JSON body in one piece and with its length, from a buffer that the thread keeps. The framework begins an answer before it knows
/// the length, so it sends small answers in chunks.
/// </summary>
internal static class JsonBody
{
    private const int LargestKept = 64 * 1024;

    // As the framework writes JSON: it is no part of an HTML page.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Buffer? spare;

    public static Task WriteAsync<T>(HttpResponse response, string contentType, T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = spare ?? new Buffer();
        spare = null;
        buffer.Json.Reset();
        write(buffer.Json, value);
        buffer.Json.Flush();
        response.ContentType = contentType;
        response.ContentLength = buffer.Bytes.WrittenCount;
        return GiveBackAsync(response.BodyWriter.WriteAsync(buffer.Bytes.WrittenMemory), buffer);
    }

    /// <summary>Returns the buffer. Only after the answer was sent, because compression reads from it until then.</summary>
    private static async Task GiveBackAsync(ValueTask<FlushResult> sent, Buffer buffer)
    {
        await sent;
        buffer.Bytes.ResetWrittenCount();
        spare = buffer.Bytes.Capacity <= LargestKept ? buffer : null;
    }

    private sealed class Buffer
    {
        public Buffer() => Json = new Utf8JsonWriter(Bytes, Options);

        public ArrayBufferWriter<byte> Bytes { get; } = new(1024);

        public Utf8JsonWriter Json { get; }
    }
}
