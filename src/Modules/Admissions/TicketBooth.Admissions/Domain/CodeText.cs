namespace TicketBooth.Admissions.Domain;

/// <summary>
/// Bytes as text that QR codes hold compactly and people can type: Crockford's base 32, which has no letters that are taken for digits.
/// </summary>
internal static class CodeText
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsPerDigit = 5;
    private const int BitsPerByte = 8;

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * BitsPerByte) + BitsPerDigit - 1) / BitsPerDigit];
        var (buffer, bits, length) = (0, 0, 0);
        foreach (var one in bytes)
        {
            buffer = (buffer << BitsPerByte) | one;
            for (bits += BitsPerByte; bits >= BitsPerDigit; bits -= BitsPerDigit)
            {
                text[length++] = Digits[(buffer >> (bits - BitsPerDigit)) & 0x1F];
            }
        }

        if (bits > 0)
        {
            text[length] = Digits[(buffer << (BitsPerDigit - bits)) & 0x1F];
        }

        return new string(text);
    }

    /// <summary>
    /// False when the text is not that of exactly so many bytes. Case, blanks and dashes make no difference, and neither does O for 0, or
    /// I or L for 1.
    /// </summary>
    public static bool TryRead(string text, Span<byte> bytes)
    {
        var (buffer, bits, length) = (0, 0, 0);
        foreach (var letter in text)
        {
            if (letter is ' ' or '-')
            {
                continue;
            }

            var digit = Digits.IndexOf(Normal(letter), StringComparison.Ordinal);
            if (digit < 0 || (length == bytes.Length && bits == 0))
            {
                return false;
            }

            buffer = ((buffer << BitsPerDigit) | digit) & 0xFFFF;
            bits += BitsPerDigit;
            if (bits >= BitsPerByte && length < bytes.Length)
            {
                bits -= BitsPerByte;
                bytes[length++] = (byte)(buffer >> bits);
            }
        }

        // What is left over fills the last digit, with zeros.
        return length == bytes.Length && bits < BitsPerDigit && (buffer & ((1 << bits) - 1)) == 0;
    }

    private static char Normal(char letter) =>
        char.ToUpperInvariant(letter) switch
        {
            'O' => '0',
            'I' or 'L' => '1',
            var other => other,
        };
}
