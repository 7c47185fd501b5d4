using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TicketBooth.Gateways.Stripe;

/// <summary>The header <c>Stripe-Signature</c>: <c>t=…,v1=…</c>, an HMAC by SHA-256 of the time, a dot and the body.</summary>
public static class StripeSignature
{
    public const string Header = "Stripe-Signature";

    public static string Sign(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
