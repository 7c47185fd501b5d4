using System.Data.Common;
using TicketBooth.BuildingBlocks.Storage.Relational.Statements;
using static TicketBooth.Dashboard.ReadModel.DashboardDbContext;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>The tables about the doors inside one transaction of a writer, as <see cref="ReadModelTables"/> are.</summary>
internal sealed class DoorTables(SqlCommands sql, CancellationToken cancellationToken)
{
    private const string OfPassages = "Id, EventId, TicketId, CodeGeneration, Turn, IsEntry, ScannedAt, IsUndone, Generation";
    private const string OfSums = "Entries, Exits, Came, Inside";

    private static readonly Upsert Passages = new(PassagesTable, ["Id"], OfPassages.Split(", ")[1..], KnownRow.Replaced);
    private static readonly Upsert Sums = new(DoorsTable, ["EventId", "At"], OfSums.Split(", "), KnownRow.Grows);

    /// <summary>All passages of some tickets.</summary>
    public Task<List<PassageRow>> PassagesAsync(IReadOnlyCollection<Guid> ticketIds)
    {
        var (list, values) = sql.ListOf(ticketIds);
        return sql.ListAsync(
            $"SELECT {OfPassages} FROM {PassagesTable} WHERE TicketId IN ({list})",
            ReadPassage,
            cancellationToken,
            values
        );
    }

    public Task<List<Guid>> EventIdsAsync() =>
        sql.ListAsync(
            $"SELECT DISTINCT EventId FROM {PassagesTable} UNION SELECT DISTINCT EventId FROM {DoorsTable}",
            row => row.GetGuid(0),
            cancellationToken
        );

    public Task WriteAsync(IEnumerable<PassageRow> passages) => Passages.RunAsync(sql, passages.Select(ValuesOf), cancellationToken);

    /// <summary>Adds to the sums.</summary>
    public Task AddAsync(IEnumerable<KeyValuePair<DoorKey, DoorSums>> changes) =>
        Sums.RunAsync(
            sql,
            changes.Where(change => change.Value != DoorSums.None).Select(change => ValuesOf(change.Key, change.Value)),
            cancellationToken
        );

    /// <summary>Removes the passages that the latest rebuild did not find in the ledger.</summary>
    public Task RemoveUnseenAsync(long generation) =>
        sql.ExecuteAsync($"DELETE FROM {PassagesTable} WHERE Generation < @p0", cancellationToken, generation);

    /// <summary>Computes an event's sums from its passages again.</summary>
    public async Task RecountAsync(Guid eventId)
    {
        var passages = await sql.ListAsync(
            $"SELECT {OfPassages} FROM {PassagesTable} WHERE EventId = @p0",
            ReadPassage,
            cancellationToken,
            eventId
        );
        await sql.ExecuteAsync($"DELETE FROM {DoorsTable} WHERE EventId = @p0", cancellationToken, eventId);
        await AddAsync(DoorChanges.Of(passages));
    }

    private static PassageRow ReadPassage(DbDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            EventId = row.GetGuid(1),
            TicketId = row.GetGuid(2),
            CodeGeneration = row.GetInt32(3),
            Turn = row.GetInt32(4),
            IsEntry = row.GetBoolean(5),
            ScannedAt = new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
            IsUndone = row.GetBoolean(7),
            Generation = row.GetInt64(8),
        };

    private static object?[] ValuesOf(PassageRow row) =>
        [
            row.Id,
            row.EventId,
            row.TicketId,
            row.CodeGeneration,
            row.Turn,
            row.IsEntry,
            row.ScannedAt.UtcTicks,
            row.IsUndone,
            row.Generation,
        ];

    private static object?[] ValuesOf(DoorKey key, DoorSums sums) =>
        [key.EventId, key.At, sums.Entries, sums.Exits, sums.Came, sums.Inside];
}
