using System.Globalization;
using System.Text;

namespace TicketBooth.Gateways.Pix;

/// <summary>
/// A BR Code as a bank's app reads it: EMV's fields and their checksum. It shares nothing with what writes codes, here or in the product.
/// </summary>
public sealed record BrCode
{
    private const string Pix = "br.gov.bcb.pix";

    /// <summary>The outer fields by their ids, in the code's order.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The fields inside the account information of Pix.</summary>
    public required IReadOnlyDictionary<string, string> Account { get; init; }

    /// <summary>The payee's key: a static code has it.</summary>
    public string? Key => Account.GetValueOrDefault("01");

    /// <summary>The charge's address, without a scheme: a dynamic code has it.</summary>
    public string? Location => Account.GetValueOrDefault("25");

    /// <summary>The amount in cents, when the code names one.</summary>
    public long? Cents { get; init; }
    public string Name => Fields["59"];
    public string City => Fields["60"];

    /// <summary>`***` when the code names none.</summary>
    public required string Txid { get; init; }

    /// <exception cref="FormatException">The text is no BR Code of Pix; the message says why.</exception>
    public static BrCode Read(string text)
    {
        if (!Ascii.IsValid(text))
        {
            throw new FormatException("A BR Code has letters of ASCII only.");
        }

        var fields = Split(text);
        if (fields.Keys.First() != "00" || fields["00"] != "01")
        {
            throw new FormatException("A BR Code begins with its format, 000201.");
        }

        if (fields.Keys.Last() != "63" || fields["63"].Length != 4)
        {
            throw new FormatException("A BR Code ends with its checksum of four signs.");
        }

        Check(text);
        Expect(fields, "52", value => value.Length == 4 && value.All(char.IsAsciiDigit));
        Expect(fields, "53", value => value == "986");
        Expect(fields, "58", value => value == "BR");
        Expect(fields, "59", value => value.Length <= 25);
        Expect(fields, "60", value => value.Length <= 15);
        Expect(fields, "62", _ => true);
        var account = AccountOf(fields);
        var txid = Split(fields["62"]).GetValueOrDefault("05") ?? throw new FormatException("Field 62-05, the id of the transaction, is missing.");
        return new()
        {
            Fields = fields,
            Account = account,
            Txid = txid,
            Cents = fields.TryGetValue("54", out var amount) ? CentsOf(amount) : null,
        };
    }

    private static OrderedDictionary<string, string> AccountOf(OrderedDictionary<string, string> fields)
    {
        var accounts = fields
            .Where(field => int.Parse(field.Key, CultureInfo.InvariantCulture) is >= 26 and <= 51)
            .Select(field => Split(field.Value))
            .Where(account => string.Equals(account.GetValueOrDefault("00"), Pix, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return accounts switch
        {
            [var only] when only.ContainsKey("01") != only.ContainsKey("25") => only,
            [_] => throw new FormatException("The account of Pix has either a key or an address."),
            _ => throw new FormatException("A BR Code of Pix has one account of br.gov.bcb.pix."),
        };
    }

    private static OrderedDictionary<string, string> Split(string text)
    {
        var fields = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length; )
        {
            if (text.Length - at < 4 || !text.AsSpan(at, 4).ContainsOnlyDigits())
            {
                throw new FormatException($"At {at} stands no id and length.");
            }

            var length = int.Parse(text.AsSpan(at + 2, 2), CultureInfo.InvariantCulture);
            if (length == 0 || at + 4 + length > text.Length)
            {
                throw new FormatException($"The field at {at} is empty or longer than the code.");
            }

            if (!fields.TryAdd(text.Substring(at, 2), text.Substring(at + 4, length)))
            {
                throw new FormatException($"Field {text.AsSpan(at, 2)} stands twice.");
            }

            at += 4 + length;
        }

        return fields.Count == 0 ? throw new FormatException("There is no field.") : fields;
    }

    private static void Expect(OrderedDictionary<string, string> fields, string id, Predicate<string> holds)
    {
        if (!fields.TryGetValue(id, out var value) || !holds(value))
        {
            throw new FormatException($"Field {id} is missing or not what Pix wants: '{value}'.");
        }
    }

    private static long CentsOf(string amount) =>
        decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && decimal.Truncate(value * 100) == value * 100
        && amount.Length <= 13
            ? (long)(value * 100)
            : throw new FormatException($"Field 54 is no amount: '{amount}'.");

    // The remainder of a text that is followed by its own checksum is zero. By table, one step a byte.
    private static void Check(string text)
    {
        if (!ushort.TryParse(text.AsSpan(text.Length - 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var written))
        {
            throw new FormatException("The checksum is not hexadecimal.");
        }

        byte[] signs = [.. Encoding.ASCII.GetBytes(text[..^4]), (byte)(written >> 8), (byte)written];
        if (signs.Aggregate((ushort)0xFFFF, (rest, sign) => (ushort)((rest << 8) ^ Table[(rest >> 8) ^ sign])) != 0)
        {
            throw new FormatException("The checksum is wrong.");
        }
    }

    private static readonly ushort[] Table =
    [
        .. Enumerable
            .Range(0, 256)
            .Select(i => (ushort)Enumerable.Range(0, 8).Aggregate(i << 8, (rest, _) => (rest & 0x8000) == 0 ? rest << 1 : (rest << 1) ^ 0x1021)),
    ];
}

internal static class Digits
{
    public static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
