using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TicketBooth.LoadTests.Loads;

/// <summary>
/// One kept-alive HTTP/1.1 connection. It knows only what the host answers with, and so leaves the host more of a machine with two cores than
/// HttpClient would.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[16 * 1024];
    private int filled;

    private HttpConnection() { }

    public static async Task<HttpConnection> OpenAsync(Uri host)
    {
        var connection = new HttpConnection();
        await connection.socket.ConnectAsync(host.Host, host.Port);
        return connection;
    }

    /// <summary>Sends a request and reads its answer; the connection is free for the next one then.</summary>
    public async Task<HttpAnswer> SendAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        filled = 0;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReceiveAsync();
        }

        var head = Encoding.ASCII.GetString(buffer, 0, end);
        var (status, body) = (int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), end + 4);
        if (LengthIn(head) is { } length)
        {
            await FillAsync(body + length);
            return new HttpAnswer(status, buffer.AsSpan(body, length).ToArray());
        }

        return new HttpAnswer(status, head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? await ReadChunksAsync(body) : []);
    }

    public void Dispose() => socket.Dispose();

    private static int? LengthIn(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var digits = head.AsSpan(at + Name.Length);
        return int.Parse(digits.IndexOf('\r') is var end and >= 0 ? digits[..end] : digits, CultureInfo.InvariantCulture);
    }

    private async Task<byte[]> ReadChunksAsync(int at)
    {
        var body = new MemoryStream();
        while (true)
        {
            int lineEnd;
            while ((lineEnd = buffer.AsSpan(at, filled - at).IndexOf("\r\n"u8)) < 0)
            {
                await ReceiveAsync();
            }

            if (!Utf8Parser.TryParse(buffer.AsSpan(at, lineEnd), out int length, out _, 'x'))
            {
                throw new HttpRequestException("A chunk of an answer has no length.");
            }

            at += lineEnd + 2;
            await FillAsync(at + length + 2);
            body.Write(buffer, at, length);
            at += length + 2;
            if (length == 0)
            {
                return body.ToArray();
            }
        }
    }

    private async Task FillAsync(int count)
    {
        while (filled < count)
        {
            await ReceiveAsync();
        }
    }

    private async Task ReceiveAsync()
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var received = await socket.ReceiveAsync(buffer.AsMemory(filled));
        filled += received > 0 ? received : throw new HttpRequestException("The host closed the connection.");
    }
}

/// <param name="Body">JSON, if anything.</param>
internal readonly record struct HttpAnswer(int Status, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
