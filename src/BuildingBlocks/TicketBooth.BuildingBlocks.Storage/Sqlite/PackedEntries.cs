using System.Text;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>The entries of one write as bytes: what they have in common is there once. Their keys are kept beside them.</summary>
/// <remarks>
/// Stored in files that later releases must read, so a change of the format gets the next number in the first byte. Numbers, lengths and
/// texts are those of <see cref="BinaryWriter"/>, ids have 16 big-endian bytes.
/// </remarks>
internal static class PackedEntries
{
    /// <summary>For a step of a schema: SQL's name of <see cref="Pack"/> for one entry, once <see cref="Define"/> was called.</summary>
    public const string Function = "ticketbooth_pack_entry";

    private const byte Format = 1;
    private const int IdLength = 16;

    // Two ids, a W3C trace parent, a time, three lengths and a flag. What is more only makes the buffer grow.
    private const int MostBesideBody = 112;

    // A larger one is not kept.
    private const int MostKept = 1 << 20;

    // Each file is written by a thread of its own, batch after batch: in a sale the bytes of a fresh buffer were a twelfth of all garbage.
    [ThreadStatic]
    private static MemoryStream? kept;

    public static void Define(SqliteConnection connection) =>
        connection.CreateFunction(
            Function,
            (byte[] messageId, string type, byte[] key, byte[] body, byte[] correlationId, string? traceParent, long at) =>
                Pack([
                        new OutboxEntry(
                            new Guid(messageId, bigEndian: true),
                            type,
                            new Guid(key, bigEndian: true),
                            body,
                            new Guid(correlationId, bigEndian: true),
                            traceParent,
                            new DateTimeOffset(at, TimeSpan.Zero)
                        ),
                    ])
                    .ToArray()
        );

    public static byte[] KeysOf(IReadOnlyList<OutboxEntry> entries)
    {
        var keys = new byte[entries.Count * IdLength];
        for (var i = 0; i < entries.Count; i++)
        {
            entries[i].Key.TryWriteBytes(keys.AsSpan(i * IdLength), bigEndian: true, out _);
        }

        return keys;
    }

    /// <returns>Valid until this thread packs again.</returns>
    public static ArraySegment<byte> Pack(IReadOnlyList<OutboxEntry> entries)
    {
        var size = entries.Sum(entry => entry.Body.Length + MostBesideBody);
        var bytes = size > MostKept ? new MemoryStream(size) : kept ??= new MemoryStream(size);
        bytes.SetLength(0);
        Write(entries, bytes);
        return new ArraySegment<byte>(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <param name="keys">As <see cref="KeysOf"/> wrote them.</param>
    /// <param name="packed">As <see cref="Pack"/> wrote them.</param>
    /// <param name="last">The sequence of the last entry.</param>
    public static OutboxEntry[] Unpack(ReadOnlySpan<byte> keys, byte[] packed, long last)
    {
        using var reader = new BinaryReader(new MemoryStream(packed), Encoding.UTF8);
        if (reader.ReadByte() is var format && format != Format)
        {
            throw new InvalidDataException($"The outbox has entries in the format {format}, which this program does not know.");
        }

        var types = new string[reader.Read7BitEncodedInt()];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = reader.ReadString();
        }

        var entries = new OutboxEntry[keys.Length / IdLength];
        for (var i = 0; i < entries.Length; i++)
        {
            var type = types[reader.Read7BitEncodedInt()];
            var messageId = ReadId(reader);
            var key = new Guid(keys.Slice(i * IdLength, IdLength), bigEndian: true);
            var correlationId = reader.ReadBoolean() ? ReadId(reader) : key;
            var traceParent = reader.ReadString() is { Length: > 0 } text ? text : null;
            var at = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
            var body = reader.ReadBytes(reader.Read7BitEncodedInt());
            entries[i] = new OutboxEntry(messageId, type, key, body, correlationId, traceParent, at)
            {
                Sequence = last - entries.Length + 1 + i,
            };
        }

        return entries;
    }

    private static void Write(IReadOnlyList<OutboxEntry> entries, MemoryStream bytes)
    {
        var types = entries.Select(entry => entry.MessageType).Distinct(StringComparer.Ordinal).ToList();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write(Format);
        writer.Write7BitEncodedInt(types.Count);
        types.ForEach(writer.Write);
        foreach (var entry in entries)
        {
            var hasOwnCorrelation = entry.CorrelationId != entry.Key;
            writer.Write7BitEncodedInt(types.IndexOf(entry.MessageType));
            Write(writer, entry.MessageId);
            writer.Write(hasOwnCorrelation);
            if (hasOwnCorrelation)
            {
                Write(writer, entry.CorrelationId);
            }

            writer.Write(entry.TraceParent ?? "");
            writer.Write(entry.At.UtcTicks);
            writer.Write7BitEncodedInt(entry.Body.Length);
            writer.Write(entry.Body);
        }
    }

    private static void Write(BinaryWriter writer, Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        writer.Write(bytes);
    }

    private static Guid ReadId(BinaryReader reader) => new(reader.ReadBytes(IdLength), bigEndian: true);
}
