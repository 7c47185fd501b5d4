using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>Whom a code by Pix pays, as a bank's app shows it. The options have checked it.</summary>
internal sealed record PixPayee(string Key, string Name, string City);

/// <summary>
/// The text of a code by Pix, "copia e cola": a BR Code, the Central Bank's form of EMV's QR code that a merchant presents. Fields of a
/// two-digit id, a two-digit length and a value, closed by a CRC-16/CCITT-FALSE over all before it.
/// </summary>
/// <remarks>
/// The code is a static one: it holds the payee's key and the amount. A dynamic one would hold an address instead, at which the payee's
/// bank tells both; behind the sandbox there is no bank.
/// </remarks>
internal static class BrCode
{
    public const string Currency = "BRL";

    // What the field of the amount can hold: ten digits, a point, two digits.
    private const long HighestAmount = 999_999_999_999;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int TransactionIdLength = 25;

    public static string Of(PixPayee payee, long cents, Guid paymentId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cents);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cents, HighestAmount);
        var code =
            Field(0, "01") // version of the format
            + Field(1, "12") // shown for one payment only
            + Field(26, Field(0, "br.gov.bcb.pix") + Field(1, payee.Key))
            + Field(52, "0000") // no merchant category
            + Field(53, "986") // BRL
            + Field(54, Currencies.ToText(cents, Currency, CultureInfo.InvariantCulture))
            + Field(58, "BR")
            + Field(59, payee.Name)
            + Field(60, payee.City)
            + Field(62, Field(5, TransactionIdOf(paymentId)))
            + "6304";
        return code + ChecksumOf(code).ToString("X4", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The payment's id in the at most 25 letters and digits that a static code has for it: all 128 bits, to the base of 36.
    /// </summary>
    internal static string TransactionIdOf(Guid paymentId)
    {
        Span<byte> bytes = stackalloc byte[16];
        paymentId.TryWriteBytes(bytes, bigEndian: true, out _);
        var rest = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(TransactionIdLength, rest, static (text, rest) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                (rest, var digit) = UInt128.DivRem(rest, (UInt128)Digits.Length);
                text[i] = Digits[(int)digit];
            }
        });
    }

    private static ushort ChecksumOf(string text)
    {
        ushort checksum = 0xFFFF;
        foreach (var value in Encoding.ASCII.GetBytes(text))
        {
            checksum ^= (ushort)(value << 8);
            for (var bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 0x8000) != 0 ? (ushort)((checksum << 1) ^ 0x1021) : (ushort)(checksum << 1);
            }
        }

        return checksum;
    }

    private static string Field(int id, string value) => string.Create(CultureInfo.InvariantCulture, $"{id:00}{value.Length:00}{value}");
}
