using System.Buffers.Binary;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// The number by which people call something with a tagged id, for example an order <c>0F7K2-QM93T</c>: ten characters of Crockford's
/// base 32, which has no letters that are taken for digits. It is the id's time in milliseconds and ten of its random bits, so nothing is
/// stored, and a number is a range of ids. Two of the same millisecond have the same number once in a thousand times: whoever looks one up
/// shows both.
/// </summary>
public static class SpokenId
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsPerDigit = 5;
    private const int Length = 10;
    private const int GroupLength = 5;
    private const int LongestSpelling = 2 * Length;
    private const int RandomBits = 10;
    private const int TimeBits = (Length * BitsPerDigit) - RandomBits;

    /// <summary>Numbers begin here, and last for 34 years.</summary>
    private static readonly long Beginning = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static string Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var time = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16) - Beginning;
        var random = (BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x0FFF) >> 2;
        var number = ((time & ((1L << TimeBits) - 1)) << RandomBits) | (long)random;
        Span<char> text = stackalloc char[Length + 1];
        for (var i = 0; i < Length; i++)
        {
            text[i < GroupLength ? i : i + 1] = Digits[(int)(number >> ((Length - 1 - i) * BitsPerDigit)) & 0x1F];
        }

        text[GroupLength] = '-';
        return new string(text);
    }

    /// <summary>
    /// The first and the last tagged id with this number; false for what is no number. Case, blanks and dashes make no difference, and
    /// neither does O for 0, or I or L for 1.
    /// </summary>
    public static bool TryParse(string? text, out Guid first, out Guid last)
    {
        (first, last) = (Guid.Empty, Guid.Empty);
        var (number, length) = (0L, 0);
        if (text is null || text.Length > LongestSpelling)
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (letter is '-' or ' ')
            {
                continue;
            }

            var digit = Digits.IndexOf(
                char.ToUpperInvariant(letter) switch
                {
                    'O' => '0',
                    'I' or 'L' => '1',
                    var other => other,
                },
                StringComparison.Ordinal
            );
            if (digit < 0 || ++length > Length)
            {
                return false;
            }

            number = (number << BitsPerDigit) | (long)digit;
        }

        if (length < Length)
        {
            return false;
        }

        var time = (number >> RandomBits) + Beginning;
        var random = (number & ((1 << RandomBits) - 1)) << 2;
        (first, last) = (IdOf(time, random, 0), IdOf(time, random | 3, 0xFF));
        return true;
    }

    private static Guid IdOf(long time, long random, byte rest)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Fill(rest);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)time << 16) | 0x8000 | (ulong)random);
        return new Guid(bytes, bigEndian: true);
    }
}
