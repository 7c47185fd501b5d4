using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace TicketBooth.Gateways.Pix;

/// <summary>The ids of the API: their shapes, and new ones.</summary>
internal static partial class PixIds
{
    /// <summary>The payer's bank and the receiver's, by their numbers in the payment system (ISPB).</summary>
    public const string PayersBank = "60746948";
    public const string ReceiversBank = "12345678";

    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string NewEndToEnd(DateTimeOffset now) => New('E', PayersBank, now);

    public static string NewReturn(DateTimeOffset now) => New('D', ReceiversBank, now);

    public static string NewText(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>The id of a charge in the API.</summary>
    [GeneratedRegex(@"^[a-zA-Z0-9]{26,35}\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    public static partial Regex Txid();

    /// <summary>The id that a received Pix may carry.</summary>
    [GeneratedRegex(@"^[a-zA-Z0-9]{1,35}\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    public static partial Regex AnyTxid();

    [GeneratedRegex(@"^[a-zA-Z0-9]{1,35}\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    public static partial Regex ReturnId();

    [GeneratedRegex(@"^E[0-9]{8}[0-9]{12}[a-zA-Z0-9]{11}\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    public static partial Regex EndToEndId();

    [GeneratedRegex(@"^[0-9]{11}\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    public static partial Regex Cpf();

    [GeneratedRegex(@"^[0-9A-Z]{14}\z", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    public static partial Regex Cnpj();

    /// <summary>A key of the DICT: random (EVP), e-mail, telephone, CPF or CNPJ.</summary>
    [GeneratedRegex(
        @"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z0-9.!#$&'*+/=?^_`{|}~-]+@[a-z0-9.-]+|\+[1-9][0-9]{1,14}|[0-9]{11}|[0-9A-Z]{14})\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    public static partial Regex Key();

    private static string New(char kind, string bank, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{bank}{now.UtcDateTime:yyyyMMddHHmm}{NewText(11)}");
}
