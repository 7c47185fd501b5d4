using System.Globalization;
using System.Text;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>
/// Pix "copia e cola": the text form of a dynamic BR Code, which is EMV's merchant-presented QR format. Fields of a two-digit id, a
/// two-digit length and a value, closed by a CRC-16/CCITT-FALSE over all before it.
/// </summary>
internal static class PixCode
{
    public static string For(Guid paymentId, long cents)
    {
        var account = Field(0, "br.gov.bcb.pix") + Field(25, "pix.sandbox.example/qr/v2/" + paymentId.ToString("N"));
        var code =
            Field(0, "01") // version of the format
            + Field(1, "12") // to be paid once
            + Field(26, account)
            + Field(52, "0000") // no merchant category
            + Field(53, "986") // BRL
            + Field(54, (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture))
            + Field(58, "BR")
            + Field(59, "TICKETBOOTH SANDBOX")
            + Field(60, "SAO PAULO")
            + Field(62, Field(5, "***")) // the transaction's id is behind the address in 26
            + "6304";
        return code + Crc(code).ToString("X4", CultureInfo.InvariantCulture);
    }

    internal static ushort Crc(string text)
    {
        ushort crc = 0xFFFF;
        foreach (var value in Encoding.ASCII.GetBytes(text))
        {
            crc ^= (ushort)(value << 8);
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (ushort)((crc << 1) ^ 0x1021) : (ushort)(crc << 1);
            }
        }

        return crc;
    }

    private static string Field(int id, string value) => string.Create(CultureInfo.InvariantCulture, $"{id:00}{value.Length:00}{value}");
}
