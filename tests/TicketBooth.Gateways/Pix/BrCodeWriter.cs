using System.Globalization;
using System.Text;

namespace TicketBooth.Gateways.Pix;

/// <summary>Writes a dynamic BR Code: it names the address at which the payer's bank finds the charge, and so no key and no amount.</summary>
public static class BrCodeWriter
{
    /// <param name="location">The charge's address, without a scheme.</param>
    public static string Dynamic(string location, string receiver, string city)
    {
        var text = new StringBuilder();
        Add(text, "00", "01");
        Add(text, "01", "12");
        Add(text, "26", Value("00", "br.gov.bcb.pix") + Value("25", location));
        Add(text, "52", "0000");
        Add(text, "53", "986");
        Add(text, "58", "BR");
        Add(text, "59", receiver);
        Add(text, "60", city);
        Add(text, "62", Value("05", "***"));
        text.Append("6304");
        return text.Append(Crc(text.ToString()).ToString("X4", CultureInfo.InvariantCulture)).ToString();
    }

    private static void Add(StringBuilder text, string id, string value) => text.Append(Value(id, value));

    private static string Value(string id, string value)
    {
        if (value.Length is 0 or > 99 || !Ascii.IsValid(value))
        {
            throw new ArgumentException($"Field {id} of a BR Code takes 1 to 99 letters of ASCII, not '{value}'.", nameof(value));
        }

        return $"{id}{value.Length.ToString("00", CultureInfo.InvariantCulture)}{value}";
    }

    // CRC-16/CCITT-FALSE, bit by bit.
    private static int Crc(string text)
    {
        var crc = 0xFFFF;
        foreach (var letter in text)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                var carries = ((crc >> 15) ^ (letter >> bit)) & 1;
                crc = ((crc << 1) & 0xFFFF) ^ (carries * 0x1021);
            }
        }

        return crc;
    }
}
