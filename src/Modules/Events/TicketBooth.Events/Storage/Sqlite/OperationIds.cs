namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>The operations of an event in their column: one id after the other.</summary>
internal static class OperationIds
{
    private const int Length = 16;

    public static byte[] Write(IReadOnlyList<Guid> ids) => [.. ids.SelectMany(id => id.ToByteArray(bigEndian: true))];

    public static IReadOnlyList<Guid> Read(byte[] stored) => [.. stored.Chunk(Length).Select(id => new Guid(id, bigEndian: true))];
}
