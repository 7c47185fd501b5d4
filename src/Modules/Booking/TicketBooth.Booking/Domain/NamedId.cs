using System.Security.Cryptography;
using System.Text;

namespace TicketBooth.Booking.Domain;

/// <summary>Ids of what others have named: the same name gives the same id (version 8 of RFC 9562).</summary>
internal static class NamedId
{
    public static Guid Of(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        var bytes = hash[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
