using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>One page of a list.</summary>
/// <param name="Items">In the order that the endpoint documents.</param>
/// <param name="NextCursor">Send it as <c>cursor</c> to get the next page; null on the last page. Opaque.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>
    /// A page of the first <paramref name="limit"/> rows. There is a next page when <paramref name="rows"/> has one row more than that.
    /// </summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, string> cursorAfter)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(cursorAfter);
        return rows.Count <= limit ? new(rows, null) : new([.. rows.Take(limit)], cursorAfter(rows[limit - 1]));
    }
}

/// <summary>A position in a list that is ordered by a number and then an id. Clients send it back as opaque text.</summary>
public readonly record struct Cursor(long Value, Guid Id)
{
    /// <summary>How many items a page has when the client does not say.</summary>
    public const int DefaultLimit = 50;

    /// <summary>How many items a page has at most.</summary>
    public const int LargestLimit = 200;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Value);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>False when the text is not one of our cursors.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cursor cursor)
    {
        Span<byte> bytes = stackalloc byte[24];
        if (
            text is not { Length: 32 }
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done
            || written != bytes.Length
        )
        {
            cursor = default;
            return false;
        }

        cursor = new Cursor(BinaryPrimitives.ReadInt64BigEndian(bytes), new Guid(bytes[8..], bigEndian: true));
        return true;
    }

    /// <summary>
    /// As <see cref="TryParse"/>, for a list that is ordered by a time in UTC ticks: false also when the number is no time.
    /// </summary>
    public static bool TryParseTime([NotNullWhen(true)] string? text, out DateTimeOffset time, out Guid id)
    {
        var isTime = TryParse(text, out var cursor) && cursor.Value >= 0 && cursor.Value <= DateTimeOffset.MaxValue.UtcTicks;
        time = isTime ? new DateTimeOffset(cursor.Value, TimeSpan.Zero) : default;
        id = isTime ? cursor.Id : default;
        return isTime;
    }
}
