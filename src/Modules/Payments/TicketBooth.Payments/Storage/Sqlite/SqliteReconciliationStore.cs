using System.Globalization;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Storage.Sqlite;

/// <summary>Outcomes of reconciliations in <c>payments.db</c>. Their ids sort by time.</summary>
internal sealed class SqliteReconciliationStore(EmbeddedStorage storage) : IReconciliationStore
{
    private static readonly string Forget = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        DELETE FROM reconciliations
        WHERE id IN (SELECT id FROM reconciliations ORDER BY id DESC LIMIT -1 OFFSET {IReconciliationStore.Kept})
        """
    );

    private readonly SqliteDatabase database = PaymentsFile.Open(storage);

    public Task<bool> AddAsync(ReconciliationReport report, DateTimeOffset? due) =>
        database.WriteAsync(session =>
        {
            var added =
                session.Execute(
                    "INSERT OR IGNORE INTO reconciliations(id, due, summary, lines) VALUES (?1, ?2, ?3, ?4)",
                    report.Summary.Id,
                    due,
                    ReconciliationJson.Write(report.Summary),
                    ReconciliationJson.Write(report.Lines)
                ) == 1;
            session.Execute(Forget);
            return added;
        });

    public Task<ReconciliationReport?> FindAsync(Guid id) =>
        Task.FromResult(
            database.Read(session =>
                session.First(
                    "SELECT summary, lines FROM reconciliations WHERE id = ?1",
                    row => ReconciliationJson.Read(row.GetString(0), row.GetString(1)),
                    id
                )
            )
        );

    public Task<IReadOnlyList<ReconciliationSummary>> ListAsync(int limit) =>
        Task.FromResult<IReadOnlyList<ReconciliationSummary>>(
            database.Read(session =>
                session.Query(
                    "SELECT summary FROM reconciliations ORDER BY id DESC LIMIT ?1",
                    row => ReconciliationJson.ReadSummary(row.GetString(0)),
                    limit
                )
            )
        );

    public Task<DateTimeOffset?> LastDueAsync() =>
        Task.FromResult(database.Read(session => session.First("SELECT max(due) FROM reconciliations", row => row.TimeOrNull(0))));
}
