using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TicketBooth.Accounts.Domain;

/// <summary>Time-based one-time passwords (RFC 6238) as authenticator apps compute them: SHA-1, six digits, 30 seconds.</summary>
internal static class Totp
{
    public const int Digits = 6;

    private const int StepSeconds = 30;
    private const int KeyBytes = 20;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    // One step to either side, for clocks that differ and for slow typing.
    private const int Tolerance = 1;

    /// <summary>160 random bits in base32, as RFC 4226 asks for.</summary>
    public static string NewKey()
    {
        var bits = BigEndianBits(RandomNumberGenerator.GetBytes(KeyBytes));
        var key = new StringBuilder(KeyBytes * 8 / 5);
        for (var i = 0; i < bits.Length; i += 5)
        {
            key.Append(Base32[Convert.ToInt32(bits.Substring(i, 5), 2)]);
        }

        return key.ToString();
    }

    /// <summary>Whether a text has the form of <see cref="NewKey"/>.</summary>
    public static bool IsKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == KeyBytes * 8 / 5 && text.All(letter => Base32.Contains(letter, StringComparison.Ordinal));
    }

    /// <summary>The time step whose code this is, among those around now; null when it is the code of none of them.</summary>
    public static long? FindStep(string key, string code, DateTimeOffset now)
    {
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        for (var step = current - Tolerance; step <= current + Tolerance; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(key, step)), Encoding.ASCII.GetBytes(code)))
            {
                found = step;
            }
        }

        return found;
    }

    public static string CodeAt(string key, DateTimeOffset time) => CodeAt(key, time.ToUnixTimeSeconds() / StepSeconds);

    [SuppressMessage("Security", "CA5350", Justification = "HMAC-SHA-1 is what authenticator apps compute, and is not broken as such.")]
    private static string CodeAt(string key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(Bytes(key), counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xF)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(string key)
    {
        var bits = string.Concat(
            key.Select(letter => Base32.IndexOf(letter, StringComparison.Ordinal).ToString("b5", CultureInfo.InvariantCulture))
        );
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }

    private static string BigEndianBits(byte[] bytes) =>
        string.Concat(bytes.Select(each => each.ToString("b8", CultureInfo.InvariantCulture)));
}
