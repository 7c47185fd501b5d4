using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage.Sqlite;

/// <summary>Unmatched money and unread webhooks in <c>payments.db</c>.</summary>
internal sealed class SqliteMoneyStore(EmbeddedStorage storage) : IMoneyStore
{
    private readonly SqliteDatabase database = PaymentsFile.Open(storage);

    public Task<Result<UnmatchedMoney>> ChangeAsync(Guid id, Func<UnmatchedMoney?, Result<UnmatchedMoney>> decide) =>
        database.WriteAsync(session =>
        {
            var before = Find(session, id);
            var decided = decide(before);
            if (decided.IsSuccess && decided.Value != before)
            {
                session.Execute(
                    """
                    INSERT INTO unmatched(id, is_open, money) VALUES (?1, ?2, ?3)
                    ON CONFLICT(id) DO UPDATE SET is_open = excluded.is_open, money = excluded.money
                    """,
                    id,
                    MoneyCases.IsOpen(decided.Value),
                    MoneyJson.Write(decided.Value)
                );
            }

            return decided;
        });

    public Task<UnmatchedMoney?> FindAsync(Guid id) => Task.FromResult(database.Read(session => Find(session, id)));

    public Task<IReadOnlyList<UnmatchedMoney>> ListAsync(bool openOnly, Guid after, int limit) =>
        Task.FromResult<IReadOnlyList<UnmatchedMoney>>(
            database.Read(session =>
                session.Query(
                    $"SELECT money FROM unmatched WHERE id > ?1 {(openOnly ? "AND is_open = 1" : "")} ORDER BY id LIMIT ?2",
                    row => MoneyJson.ReadUnmatched(row.GetString(0)),
                    after,
                    limit
                )
            )
        );

    public Task AddUnreadAsync(UnreadWebhook webhook) =>
        database.WriteAsync(session =>
        {
            session.Execute(
                "INSERT OR IGNORE INTO webhooks_unread(gateway, id, type, body, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                webhook.Gateway,
                webhook.Id,
                webhook.Type,
                webhook.Body,
                webhook.At
            );
        });

    public Task<IReadOnlyList<UnreadWebhook>> ListUnreadAsync(int limit) =>
        Task.FromResult<IReadOnlyList<UnreadWebhook>>(
            database.Read(session =>
                session.Query(
                    "SELECT gateway, id, type, body, at FROM webhooks_unread ORDER BY at DESC LIMIT ?1",
                    row => new UnreadWebhook(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Time(4)),
                    limit
                )
            )
        );

    public Task ForgetUnreadAsync(DateTimeOffset before) =>
        database.SweepAsync(session =>
            session.Execute(
                $"""
                DELETE FROM webhooks_unread WHERE (gateway, id) IN (
                    SELECT gateway, id FROM webhooks_unread WHERE at < ?1 LIMIT {SqliteDatabase.SweptAtOnce})
                """,
                before
            )
        );

    private static UnmatchedMoney? Find(SqliteSession session, Guid id) =>
        session.First("SELECT money FROM unmatched WHERE id = ?1", row => MoneyJson.ReadUnmatched(row.GetString(0)), id);
}
