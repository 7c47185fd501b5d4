using System.Numerics;
using System.Security.Cryptography;

namespace TicketBooth.Admissions.Domain;

/// <summary>The signed text of a ticket's code, by the key of its event.</summary>
/// <remarks>
/// Of the two signatures that ECDSA has for the same bytes, only the one with the lower half is accepted, so that nobody can make another
/// text of a code that opens the door too.
/// </remarks>
internal static class CodeSignature
{
    private const int Length = 64;
    private const int Half = Length / 2;

    // The order of the curve P-256 (FIPS 186-4, D.1.2.3).
    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        isUnsigned: true,
        isBigEndian: true
    );

    public static string Sign(TicketCode code, ECDsa key)
    {
        var payload = code.ToBytes();
        var signature = key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var second = SecondOf(signature);
        if (second > Order / 2)
        {
            var low = (Order - second).ToByteArray(isUnsigned: true, isBigEndian: true);
            signature.AsSpan(Half).Clear();
            low.CopyTo(signature, Length - low.Length);
        }

        return CodeText.Of([.. payload, .. signature]);
    }

    /// <summary>What a text says, whoever has signed it; false when it is not the text of a code.</summary>
    public static bool TryRead(string text, out TicketCode code)
    {
        Span<byte> bytes = stackalloc byte[TicketCode.Length + Length];
        code = default;
        return CodeText.TryRead(text, bytes) && TicketCode.TryRead(bytes[..TicketCode.Length], out code);
    }

    /// <summary>Whether the key's owner has signed the text.</summary>
    public static bool IsBy(ECDsa key, string text)
    {
        Span<byte> bytes = stackalloc byte[TicketCode.Length + Length];
        return CodeText.TryRead(text, bytes)
            && SecondOf(bytes[TicketCode.Length..]) <= Order / 2
            && key.VerifyData(
                bytes[..TicketCode.Length],
                bytes[TicketCode.Length..],
                HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation
            );
    }

    private static BigInteger SecondOf(ReadOnlySpan<byte> signature) => new(signature[Half..], isUnsigned: true, isBigEndian: true);
}
