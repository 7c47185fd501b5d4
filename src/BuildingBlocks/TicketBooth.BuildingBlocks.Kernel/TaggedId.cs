using System.Buffers.Binary;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// Ids that say where they belong. A tagged id is a UUID whose last 16 bits hold a number: an order's shard, or a ticket's number within
/// its event. Tagged ids are version 8 (RFC 9562, "vendor-specific"); all other ids are version 7.
/// </summary>
/// <remarks>
/// A ticket's id is its event's id with another version and the ticket's number in the tag, so the event and the number are read
/// back without a look-up. That needs event ids whose last 16 bits are zero: <see cref="NewBase"/> makes those. 58 random bits beside
/// a millisecond remain.
/// </remarks>
public static class TaggedId
{
    private const int VersionByte = 6;
    private const int TagByte = 14;

    // The first 48 bits are milliseconds.
    private const int TimeShift = 16;

    /// <summary>A new version 7 id with an empty tag, fit to be the base of tagged ids.</summary>
    public static Guid NewBase(DateTimeOffset now) => With(FreshId.At(now), version: 7, tag: 0);

    /// <summary>A new version 8 id that carries <paramref name="tag"/>.</summary>
    public static Guid New(DateTimeOffset now, ushort tag) => With(FreshId.At(now), version: 8, tag);

    /// <summary>The version 8 id that belongs to <paramref name="baseId"/> and carries <paramref name="tag"/>.</summary>
    public static Guid Of(Guid baseId, ushort tag) => With(baseId, version: 8, tag);

    /// <summary>The first of all ids, tagged or not, that were made at this moment or later.</summary>
    public static Guid Earliest(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, moment.ToUnixTimeMilliseconds() << TimeShift);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>When an id was made, tagged or not.</summary>
    public static DateTimeOffset MomentOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> TimeShift));
    }

    /// <summary>The number that an id carries; false when it is not a tagged id at all.</summary>
    public static bool TryReadTag(Guid id, out ushort tag)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        tag = BinaryPrimitives.ReadUInt16BigEndian(bytes[TagByte..]);
        return bytes[VersionByte] >> 4 == 8;
    }

    /// <summary>The version 7 id that a tagged id was made from with <see cref="Of"/>.</summary>
    public static Guid BaseOf(Guid taggedId) => With(taggedId, version: 7, tag: 0);

    private static Guid With(Guid id, int version, ushort tag)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[VersionByte] = (byte)((bytes[VersionByte] & 0x0F) | (version << 4));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[TagByte..], tag);
        return new Guid(bytes, bigEndian: true);
    }
}
