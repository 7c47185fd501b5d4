using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace TicketBooth.Dashboard.Tests;

/// <summary>The app on somebody's telephone, from RFC 6238 and not from our own code.</summary>
internal static class Authenticator
{
    public static string CodeOf(string key, DateTimeOffset now)
    {
        var secret = new byte[key.Length * 5 / 8];
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var letter in key)
        {
            buffer = ((buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal)) & 0xFFFF;
            bits += 5;
            if (bits >= 8)
            {
                secret[at++] = (byte)(buffer >> (bits - 8));
                bits -= 8;
            }
        }

        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, now.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // what authenticator apps compute
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xF;
        var number = ((hash[offset] & 0x7F) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
