using System.Text.Json;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Payments.Domain;
using static TicketBooth.Payments.Storage.Sqlite.PaymentSql;

namespace TicketBooth.Payments.Storage.Sqlite;

/// <summary>Payments in <c>payments.db</c>.</summary>
internal sealed class SqlitePaymentStore : IPaymentStore
{
    private readonly SqliteDatabase database;
    private readonly SqliteOutbox outbox;

    public SqlitePaymentStore(EmbeddedStorage storage)
    {
        database = PaymentsFile.Open(storage);
        outbox = new SqliteOutbox("payments", database);
    }

    public IOutbox Outbox => outbox;

    public async Task<bool> AddAsync(Payment payment, params OutboxEntry[] messages)
    {
        var (isAdded, written) = await database.WriteAsync<(bool, IReadOnlyList<OutboxEntry>)>(session =>
        {
            long? told = messages.Length > 0 ? SqliteOutbox.NewestSequence(session) + messages.Length : null;
            var rows = session.Execute(
                $"""
                INSERT INTO payments({Columns}, told)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
                ON CONFLICT(id) DO NOTHING
                """,
                payment.Id,
                payment.OrderId,
                StoredNames.TextOf(payment.Method),
                payment.Amount,
                payment.Currency,
                payment.HoldExpiresAt,
                payment.CreatedAt,
                StoredNames.TextOf(payment.Status),
                payment.ExternalId,
                payment.DeclineReason,
                payment.RefundReason,
                payment.ChangedAt,
                payment.DeclinedAt,
                payment.CapturedAt,
                StoredNames.TextOfGateway(payment.Gateway),
                payment.BuyerId,
                MoneyJson.Write(payment),
                told
            );
            return rows == 0 ? (false, []) : (true, SqliteOutbox.Append(session, messages));
        });
        outbox.Signal(written);
        return isAdded;
    }

    public Task<Payment?> FindAsync(Guid paymentId) => Task.FromResult(database.Read(session => Find(session, paymentId)));

    public async Task<Result<Changed>> ChangeAsync(Guid paymentId, Func<Payment, Result<Step>> decide, Delivery? delivery = null)
    {
        var (outcome, written) = await database.WriteAsync<(Result<Changed>, IReadOnlyList<OutboxEntry>)>(session =>
        {
            if (Find(session, paymentId) is not { } before)
            {
                return (PaymentsErrors.NotFound, []);
            }

            var decided = decide(before);
            if (decided.Error is { } error)
            {
                return (error, []);
            }

            var (after, messages, contradiction) = decided.Value;
            if (delivery is not null && !SqliteDeliveries.TryMark(session, delivery))
            {
                return (new Changed(before, Repeated: true, Contradiction: false), []);
            }

            var told = SqliteOutbox.Append(session, PaymentMessages.EntriesOf(after, messages));
            if (after != before || told.Count > 0)
            {
                session.Execute(
                    """
                    UPDATE payments SET status = ?2, external_id = ?3, decline_reason = ?4, refund_reason = ?5, changed_at = ?6,
                        declined_at = ?7, captured_at = ?8, money = ?9, told = COALESCE(?10, told)
                    WHERE id = ?1
                    """,
                    after.Id,
                    StoredNames.TextOf(after.Status),
                    after.ExternalId,
                    after.DeclineReason,
                    after.RefundReason,
                    after.ChangedAt,
                    after.DeclinedAt,
                    after.CapturedAt,
                    MoneyJson.Write(after),
                    told.Count > 0 ? told[^1].Sequence : null
                );
            }

            return (new Changed(after, Repeated: false, contradiction), told);
        });
        outbox.Signal(written);
        return outcome;
    }

    public Task<IReadOnlyList<Guid>> ListAwaitingRefundAsync(Guid after, int limit) =>
        Task.FromResult<IReadOnlyList<Guid>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT id FROM payments WHERE status = 'paid' AND refund_reason IS NOT NULL AND money IS NULL AND id > ?1
                    UNION ALL SELECT id FROM payments WHERE money ->> 'due' = 1 AND id > ?1
                    ORDER BY id LIMIT ?2
                    """,
                    row => row.Id(0),
                    after,
                    limit
                )
            )
        );

    public Task<IReadOnlyList<Payment>> ListCasesAsync(bool openOnly, Guid? before, int limit) =>
        Task.FromResult<IReadOnlyList<Payment>>(
            database.Read(session =>
                session.Query(
                    $"""
                    SELECT {Columns} FROM payments
                    WHERE money ->> 'case' {(openOnly ? "= 1" : "IS NOT NULL")} AND (?1 IS NULL OR id < ?1)
                    ORDER BY id DESC LIMIT ?2
                    """,
                    Read,
                    before,
                    limit
                )
            )
        );

    public Task<IReadOnlyList<Payment>> ListGivenUpAsync(DateTimeOffset due, int limit) =>
        Task.FromResult<IReadOnlyList<Payment>>(database.Read(session => session.Query(SelectGivenUp, Read, due, limit)));

    public Task<IReadOnlyList<StoredPayment>> ListAsync(Guid after, int limit) =>
        Task.FromResult<IReadOnlyList<StoredPayment>>(
            database.Read(session =>
                session.Query($"SELECT {Columns}, {IsPending} FROM payments WHERE id > ?1 ORDER BY id LIMIT ?2", ReadStored, after, limit)
            )
        );

    public Task<IReadOnlyList<Payment>> ListMovedAsync(DateTimeOffset from, DateTimeOffset to, Guid after, int limit) =>
        Task.FromResult<IReadOnlyList<Payment>>(
            database.Read(session =>
                session.Query(
                    SelectMoved,
                    Read,
                    after,
                    limit,
                    from,
                    to,
                    TaggedId.Earliest(from - IPaymentStore.LongestPayment),
                    TaggedId.Earliest(to)
                )
            )
        );

    public Task<IReadOnlyList<StoredPayment>> FindAsync(IReadOnlyCollection<Guid> paymentIds)
    {
        var ids = JsonSerializer.Serialize(paymentIds.Select(id => id.ToString("N")));
        return Task.FromResult<IReadOnlyList<StoredPayment>>(
            database.Read(session =>
                session.Query(
                    $"SELECT {Columns}, {IsPending} FROM payments WHERE id IN (SELECT unhex(value) FROM json_each(?1))",
                    ReadStored,
                    ids
                )
            )
        );
    }

    public Task<IReadOnlyList<Decline>> ListDeclinesAsync(Guid orderId, Guid buyerId, DateTimeOffset after) =>
        Task.FromResult<IReadOnlyList<Decline>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT order_id, decline_reason, declined_at, hold_expires_at FROM payments
                    WHERE order_id = ?1 AND declined_at IS NOT NULL AND status = 'declined'
                    UNION ALL SELECT order_id, decline_reason, declined_at, hold_expires_at FROM payments
                    WHERE buyer_id = ?2 AND declined_at > ?3 AND order_id <> ?1 AND status = 'declined'
                    """,
                    row => new Decline(row.Id(0), row.GetString(1), row.Time(2), row.Time(3)),
                    orderId,
                    buyerId,
                    after
                )
            )
        );

    public Task<IReadOnlyList<Payment>> ListDeclinedOfAsync(IReadOnlyCollection<Guid> orderIds)
    {
        var ids = JsonSerializer.Serialize(orderIds.Select(id => id.ToString("N")));
        return Task.FromResult<IReadOnlyList<Payment>>(database.Read(session => session.Query(SelectDeclinedOf, Read, ids)));
    }

    public async Task ForgetDeliveriesAsync(DateTimeOffset before)
    {
        await database.SweepAsync(session =>
            session.Execute(
                $"DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks WHERE at < ?1 LIMIT {SqliteDatabase.SweptAtOnce})",
                before
            )
        );
        await outbox.ForgetMessagesAsync(before);
    }

    private static Payment? Find(SqliteSession session, Guid paymentId) =>
        session.First($"SELECT {Columns} FROM payments WHERE id = ?1", Read, paymentId);

    private static StoredPayment ReadStored(SqliteRow row) => new(Read(row), row.Flag(17));

    private static Payment Read(SqliteRow row) =>
        new(row.Id(0), row.Id(1), StoredNames.MethodOf(row.GetString(2)), row.GetInt64(3), row.GetString(4), row.Time(5), row.Time(6))
        {
            Status = StoredNames.StatusOf(row.GetString(7)),
            ExternalId = row.Text(8),
            DeclineReason = row.Text(9),
            RefundReason = row.Text(10),
            ChangedAt = row.Time(11),
            DeclinedAt = row.TimeOrNull(12),
            CapturedAt = row.TimeOrNull(13),
            Gateway = StoredNames.GatewayOf(row.Text(14)),
            BuyerId = row.IdOrNull(15),
            Recorded = MoneyJson.Read(row.Text(16)),
        };
}
