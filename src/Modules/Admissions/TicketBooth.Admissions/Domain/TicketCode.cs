using System.Buffers.Binary;

namespace TicketBooth.Admissions.Domain;

/// <summary>What the code on a ticket says: which ticket of which event, and how often the ticket was issued before.</summary>
/// <remarks>
/// 19 bytes: a version, the 14 bytes of an event's id that are not zero, the number and the generation. With their signature of 64 bytes
/// they fill a QR code of version 6, which a phone reads from an arm's length.
/// </remarks>
internal readonly record struct TicketCode(Guid EventId, int Number, int Generation)
{
    public const int Length = 19;

    private const byte Version = 1;
    private const int EventStart = 1;
    private const int EventLength = 14;
    private const int NumberStart = EventStart + EventLength;
    private const int GenerationStart = NumberStart + 2;
    private const int IdLength = 16;

    /// <summary>A ticket is issued no more often than this.</summary>
    public const int LastGeneration = ushort.MaxValue;

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        bytes[0] = Version;
        Span<byte> id = stackalloc byte[IdLength];
        EventId.TryWriteBytes(id, bigEndian: true, out _);
        id[..EventLength].CopyTo(bytes.AsSpan(EventStart));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(NumberStart), (ushort)Number);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(GenerationStart), (ushort)Generation);
        return bytes;
    }

    /// <summary>False when these are not the bytes of a code.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TicketCode code)
    {
        code = default;
        if (bytes.Length != Length || bytes[0] != Version)
        {
            return false;
        }

        Span<byte> id = stackalloc byte[IdLength];
        id.Clear();
        bytes.Slice(EventStart, EventLength).CopyTo(id);
        code = new TicketCode(
            new Guid(id, bigEndian: true),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[NumberStart..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[GenerationStart..])
        );
        return true;
    }
}
