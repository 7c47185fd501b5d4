using System.Security.Cryptography;
using System.Text;

namespace TicketBooth.Payments.Domain;

/// <summary>Ids that follow from what they stand for, so that the same event heard twice asks the gateway for one refund.</summary>
internal static class RefundIds
{
    /// <summary>Of a capture that pays nothing.</summary>
    public static Guid Of(Guid paymentId, string captureId) => Of($"{paymentId:N}/{captureId}");

    /// <summary>Of money that no payment of ours expects.</summary>
    public static Guid OfUnmatched(string gateway, string captureId) => Of($"{gateway}/{captureId}");

    /// <remarks>Version 8, RFC 9562: bits of our own choice.</remarks>
    private static Guid Of(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
