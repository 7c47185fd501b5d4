using System.Globalization;
using System.Text;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>
/// Reads a QR code's text as a bank's app does: by EMV's "QR Code Specification for Payment Systems: Merchant-Presented Mode" and the Central
/// Bank's "Manual do BR Code". Shares nothing with the code that writes it.
/// </summary>
internal sealed class BrCodeReader
{
    private readonly List<(string Id, string Value)> fields;

    private BrCodeReader(List<(string Id, string Value)> fields) => this.fields = fields;

    public IEnumerable<string> Ids => fields.Select(part => part.Id);

    public string this[string id] => fields.Single(part => part.Id == id).Value;

    /// <summary>A template: a field whose value are fields.</summary>
    public BrCodeReader Template(string id) => Walk(this[id]);

    /// <exception cref="FormatException">No code, or one that was damaged on its way.</exception>
    public static BrCodeReader Read(string text)
    {
        var code = Walk(text);
        if (code.fields[0] != ("00", "01") || code.fields[^1] is not ("63", { Length: 4 } told))
        {
            throw new FormatException("The format indicator comes first, the checksum last.");
        }

        var computed = Checksum(Encoding.UTF8.GetBytes(text[..^4]));
        return told == computed.ToString("X4", CultureInfo.InvariantCulture) ? code : throw new FormatException($"The checksum is {computed:X4}, not {told}.");
    }

    private static BrCodeReader Walk(string text)
    {
        var found = new List<(string Id, string Value)>();
        for (var at = 0; at < text.Length;)
        {
            var head = text.Substring(at, 4);
            if (!head.All(char.IsAsciiDigit))
            {
                throw new FormatException($"No id and length at {at}: {head}");
            }

            var length = int.Parse(head.AsSpan(2), CultureInfo.InvariantCulture);
            if (length == 0 || at + 4 + length > text.Length)
            {
                throw new FormatException($"The field at {at} is empty or longer than the text.");
            }

            found.Add((head[..2], text.Substring(at + 4, length)));
            at += 4 + length;
        }

        return found.Select(part => part.Id).Distinct(StringComparer.Ordinal).Count() == found.Count
            ? new BrCodeReader(found)
            : throw new FormatException("A field comes twice.");
    }

    // ISO/IEC 13239 with the polynomial 1021 and the initial value FFFF, a byte at a time.
    private static ushort Checksum(byte[] bytes)
    {
        var checksum = 0xFFFF;
        foreach (var value in bytes)
        {
            var mixed = (checksum >> 8) ^ value;
            mixed ^= mixed >> 4;
            checksum = ((checksum << 8) ^ (mixed << 12) ^ (mixed << 5) ^ mixed) & 0xFFFF;
        }

        return (ushort)checksum;
    }
}
