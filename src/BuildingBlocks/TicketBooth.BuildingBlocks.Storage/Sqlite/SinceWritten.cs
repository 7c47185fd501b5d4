namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// What a query finds in a file, remembered until something is written there: for what is asked every second, so that a file that nobody
/// uses stays closed.
/// </summary>
/// <param name="database">The file. While others may write it nothing is remembered.</param>
/// <param name="query">Asks for what only the file's content decides.</param>
public sealed class SinceWritten<T>(SqliteDatabase database, Func<SqliteSession, T> query)
{
    private Found? last;

    public T Get()
    {
        // First, so that what is written during the query makes its answer old. A position moves before a writer is told.
        var position = database.Position;
        if (Volatile.Read(ref last) is { } known && known.Position == position)
        {
            return known.Value;
        }

        var value = database.Read(query);
        Volatile.Write(ref last, position is { } at ? new Found(at, value) : null);
        return value;
    }

    private sealed record Found(long Position, T Value);
}
