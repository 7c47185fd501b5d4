using System.Globalization;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// The memory for pages of the embedded files: one budget for the process, however many files and connections there are. The files grow in
/// number with the events that were ever sold, and readers with the requests at a moment, so a share for each of them alone would be no
/// bound.
/// </summary>
/// <remarks>
/// SQLite itself holds to the budget: near its limit a cache takes a page of its own again instead of a new one. A writer that has rested
/// for a while gives its pages back, so the budget belongs to the files that are being sold from.
/// </remarks>
/// <param name="Megabytes">The budget: <c>Storage:CacheMegabytes</c>.</param>
internal readonly record struct PageCaches(int Megabytes)
{
    // The budget serves a few busy writers and some dozen readers. What a writer changes at a peak are the ends of some tables and indexes.
    private const int Writers = 4;
    private const int Readers = 32;
    private const int BytesPerKibibyte = 1024;

    /// <summary>The pragmas of a connection that writes.</summary>
    public string OfWriter => Pragmas(Writers);

    /// <summary>The pragmas of a connection that reads, or writes now and then.</summary>
    public string OfReader => Pragmas(Readers);

    private string Pragmas(int connections)
    {
        var kibibytes = Megabytes * (long)BytesPerKibibyte;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"PRAGMA soft_heap_limit = {kibibytes * BytesPerKibibyte}; PRAGMA cache_size = -{kibibytes / connections}; "
        );
    }
}
