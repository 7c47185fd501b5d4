using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>The outbox of a module that keeps its data through EF Core (ADR 0057): two tables among the module's own.</summary>
/// <remarks>
/// One row counts the entries. Who adds one changes that row first, and so holds it until the commit: entries become visible in the order
/// of their numbers, and no reader passes over one that is committed later.
/// </remarks>
/// <param name="module">As its tables are registered.</param>
/// <param name="storage">The module's tables.</param>
public sealed class RelationalOutbox(string module, RelationalStorage storage) : IOutboxSource
{
    private readonly string table = TableOf(module);
    private readonly string cursors = CursorsOf(module);
    private readonly ConditionalWeakTable<DbTransaction, string> appended = [];
    private readonly Lock signalLock = new();
    private TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long last;
    private volatile bool isRelayedHere;

    public string Name => module;

    /// <summary>Learns of the commits of the module's context.</summary>
    internal IInterceptor Commits => new OutboxCommits(this);

    /// <summary>Names the outbox in the log of work that failed for it.</summary>
    public override string ToString() => Name;

    /// <summary>Adds messages, as part of the transaction that <paramref name="db"/> is in.</summary>
    /// <param name="db">A context of the module, in a transaction.</param>
    /// <param name="cancellationToken">Of the change.</param>
    /// <param name="entries">In their order.</param>
    public async Task AppendAsync(DbContext db, CancellationToken cancellationToken, params IReadOnlyList<OutboxEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(entries);
        var current = db.Database.CurrentTransaction
            ?? throw new InvalidOperationException("A message is added in the transaction of its change.");
        var transaction = current.GetDbTransaction();
        await transaction.RunAsync(
            $"UPDATE {cursors} SET Sequence = Sequence + @count WHERE Destination = @newest",
            cancellationToken,
            ("@count", entries.Count),
            ("@newest", OutboxCursorRow.Newest)
        );
        var newest = await NewestAsync(transaction, cancellationToken);
        foreach (var (i, entry) in entries.Index())
        {
            await transaction.RunAsync(
                $"""
                INSERT INTO {table}(Sequence, MessageId, MessageType, MessageKey, Body, CorrelationId, TraceParent, At)
                VALUES (@sequence, @id, @type, @key, @body, @correlation, @trace, @at)
                """,
                cancellationToken,
                ("@sequence", newest - entries.Count + 1 + i),
                ("@id", entry.MessageId),
                ("@type", entry.MessageType),
                ("@key", entry.Key),
                ("@body", entry.Body),
                ("@correlation", entry.CorrelationId),
                ("@trace", entry.TraceParent ?? (object)DBNull.Value),
                ("@at", entry.At.UtcTicks)
            );
        }

        appended.AddOrUpdate(transaction, module);
    }

    /// <summary>The number of the newest entry that is committed.</summary>
    public async Task<long> NewestAsync(CancellationToken cancellationToken)
    {
        await using var connection = await storage.ConnectAsync(cancellationToken);
        return (await NumbersAsync(connection, $"SELECT Sequence FROM {cursors} WHERE Destination = @newest", cancellationToken)).Single();
    }

    public async Task<long> DepthAsync(CancellationToken cancellationToken)
    {
        await using var connection = await storage.ConnectAsync(cancellationToken);
        return (await NumbersAsync(connection, $"SELECT COUNT(*) FROM {table} WHERE Sequence > {Delivered}", cancellationToken)).Single();
    }

    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        await using var connection = await storage.ConnectAsync(cancellationToken);
        var sql = $"SELECT At FROM {table} WHERE Sequence > {Delivered} ORDER BY Sequence LIMIT 1";
        return await NumbersAsync(connection, sql, cancellationToken) is [var ticks] ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    public void Wake() => Signal(0);

    public async Task<long> SubscribeAsync(string destination)
    {
        await using var connection = await storage.ConnectAsync(CancellationToken.None);

        // Whoever comes late, or came late at a former release, would look for ever for entries that are gone.
        var newest = $"(SELECT Sequence FROM {cursors} WHERE Destination = @newest)";
        var sql = $"SELECT COALESCE((SELECT MIN(Sequence) - 1 FROM {table}), {newest}, 0)";
        var start = (await NumbersAsync(connection, sql, CancellationToken.None)).Single();
        try
        {
            await connection.RunAsync(
                $"INSERT INTO {cursors}(Destination, Sequence) VALUES (@destination, @start)",
                CancellationToken.None,
                ("@destination", destination),
                ("@start", start)
            );
        }
        catch (DbException failure) when (RelationalStorage.IsDuplicate(failure))
        {
            await AcknowledgeAsync(new Dictionary<string, long>(StringComparer.Ordinal) { [destination] = start });
        }

        return (await FindCursorAsync(connection, destination))!.Value;
    }

    public async Task UnsubscribeAsync(string destination)
    {
        await using var connection = await storage.ConnectAsync(CancellationToken.None);
        await connection.RunAsync(
            $"DELETE FROM {cursors} WHERE Destination = @destination",
            CancellationToken.None,
            ("@destination", destination)
        );
    }

    public IReadOnlyList<OutboxEntry> Read(long sequence, int limit)
    {
        using var connection = storage.Connect();
        return connection.List(
            $"""
            SELECT Sequence, MessageId, MessageType, MessageKey, Body, CorrelationId, TraceParent, At
            FROM {table} WHERE Sequence > @sequence ORDER BY Sequence LIMIT @limit
            """,
            Entry,
            ("@sequence", sequence),
            ("@limit", limit)
        );
    }

    public async Task AcknowledgeAsync(IReadOnlyDictionary<string, long> cursors)
    {
        ArgumentNullException.ThrowIfNull(cursors);
        await using var connection = await storage.ConnectAsync(CancellationToken.None);
        foreach (var (destination, sequence) in cursors)
        {
            await connection.RunAsync(
                $"UPDATE {this.cursors} SET Sequence = @sequence WHERE Destination = @destination AND Sequence < @sequence",
                CancellationToken.None,
                ("@sequence", sequence),
                ("@destination", destination)
            );
        }

        await connection.RunAsync(
            $"DELETE FROM {table} WHERE Sequence <= {Delivered}",
            CancellationToken.None,
            ("@newest", OutboxCursorRow.Newest)
        );
    }

    /// <remarks>These modules have no inbox: what their consumers do is safe to repeat by other means.</remarks>
    public Task ForgetMessagesAsync(DateTimeOffset before) => Task.CompletedTask;

    public Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        lock (signalLock)
        {
            return last > sequence ? Task.CompletedTask : signal.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>This host relays, and there may be entries up to a number: wakes the relay.</summary>
    internal void Follow(long newest)
    {
        isRelayedHere = true;
        Signal(newest);
    }

    /// <summary>Another host relays.</summary>
    internal void Leave() => isRelayedHere = false;

    internal static string TableOf(string module) =>
        string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(module[0])}{module[1..]}Outbox");

    internal static string CursorsOf(string module) => TableOf(module) + "Cursors";

    private void Signal(long newest)
    {
        lock (signalLock)
        {
            last = Math.Max(last, newest);
            signal.TrySetResult();
            signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>A subquery: up to which entry every destination has got everything.</summary>
    private string Delivered => $"(SELECT COALESCE(MIN(Sequence), 0) FROM {cursors} WHERE Destination <> @newest)";

    private static OutboxEntry Entry(DbDataReader row) =>
        new(
            row.GetGuid(1),
            row.GetString(2),
            row.GetGuid(3),
            row.GetFieldValue<byte[]>(4),
            row.GetGuid(5),
            row.IsDBNull(6) ? null : row.GetString(6),
            new DateTimeOffset(row.GetInt64(7), TimeSpan.Zero)
        )
        {
            Sequence = row.GetInt64(0),
        };

    private static Task<List<long>> NumbersAsync(DbConnection connection, string sql, CancellationToken cancellationToken) =>
        connection.ListAsync(sql, row => row.GetInt64(0), cancellationToken, ("@newest", OutboxCursorRow.Newest));

    private async Task<long> NewestAsync(DbTransaction transaction, CancellationToken cancellationToken) =>
        (
            await transaction.ListAsync(
                $"SELECT Sequence FROM {cursors} WHERE Destination = @newest",
                row => row.GetInt64(0),
                cancellationToken,
                ("@newest", OutboxCursorRow.Newest)
            )
        ).Single();

    private async Task<long?> FindCursorAsync(DbConnection connection, string destination)
    {
        var sql = $"SELECT Sequence FROM {cursors} WHERE Destination = @destination";
        var found = await connection.ListAsync(sql, row => row.GetInt64(0), CancellationToken.None, ("@destination", destination));
        return found is [var sequence] ? sequence : null;
    }

    /// <summary>A transaction of the module was committed, with messages or without.</summary>
    internal void Committed(DbTransaction transaction)
    {
        if (appended.Remove(transaction) && isRelayedHere)
        {
            // The number is not known here, and need not be: a relay that is woken in vain finds nothing and waits again.
            Signal(0);
        }
    }
}
