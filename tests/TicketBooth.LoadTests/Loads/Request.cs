using System.Globalization;
using System.Text;

namespace TicketBooth.LoadTests.Loads;

/// <summary>A request, ready to be sent.</summary>
/// <param name="Kind">Under which its time is reported.</param>
/// <param name="Bytes">HTTP/1.1.</param>
/// <param name="Token">Of the buyer, if one asks.</param>
internal sealed record Request(string Kind, byte[] Bytes, string? Token = null)
{
    public static Request Get(string kind, string path, string? token = null) => new(kind, Write("GET", path, token, null), token);

    public static Request Post(string kind, string path, string token, string body) => new(kind, Write("POST", path, token, body), token);

    private static byte[] Write(string method, string path, string? token, string? body)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: ticketbooth\r\n");
        if (token is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {token}\r\n");
        }

        if (body is not null)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
            );
        }

        return Encoding.UTF8.GetBytes(text.Append(CultureInfo.InvariantCulture, $"\r\n{body}").ToString());
    }
}
