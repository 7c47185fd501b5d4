using System.Buffers.Binary;
using System.Text;

namespace TicketBooth.Events.Reads.Cache;

/// <summary>An answer to and from its bytes in Redis: end, flag, length of the tag, tag, body. The format is private to a build.</summary>
internal static class RememberedBytes
{
    private const int Header = 10;

    public static byte[] Encode(Remembered answer)
    {
        var tag = Encoding.ASCII.GetByteCount(answer.ETag);
        var bytes = new byte[Header + tag + answer.Body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, answer.HoldsUntil.UtcTicks);
        bytes[8] = answer.IsPublic ? (byte)1 : (byte)0;
        bytes[9] = (byte)tag;
        Encoding.ASCII.GetBytes(answer.ETag, bytes.AsSpan(Header));
        answer.Body.CopyTo(bytes.AsSpan(Header + tag));
        return bytes;
    }

    public static Remembered Decode(byte[] bytes)
    {
        var body = Header + bytes[9];
        return new Remembered(
            bytes[body..],
            Encoding.ASCII.GetString(bytes.AsSpan(Header, bytes[9])),
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.Zero),
            IsPublic: bytes[8] == 1
        );
    }
}
