using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>The sandbox's store in <c>sandbox-gateway.db</c>.</summary>
internal sealed class SqliteSandboxLedger(EmbeddedStorage storage) : ISandboxLedger
{
    private const string ChargeColumns = "payment_id, external_id, amount, currency, outcome, settles_at, pix_code, refunded_at, more";

    private readonly SqliteDatabase database = storage.Open(
        "sandbox-gateway",
        [
            """
            CREATE TABLE charges(
                payment_id BLOB NOT NULL PRIMARY KEY, external_id TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,
                outcome INTEGER, settles_at INTEGER NOT NULL, pix_code TEXT, refunded_at INTEGER) WITHOUT ROWID;
            CREATE TABLE callbacks(
                number INTEGER PRIMARY KEY AUTOINCREMENT, webhook_id TEXT NOT NULL, payment_id BLOB NOT NULL, type TEXT NOT NULL,
                due_at INTEGER NOT NULL);
            """,
            """
            ALTER TABLE charges ADD COLUMN more TEXT;
            ALTER TABLE callbacks ADD COLUMN detail TEXT;
            """,
        ]
    );

    public Task<SandboxCharge?> FindAsync(Guid paymentId) => Task.FromResult(database.Read(session => Find(session, paymentId)));

    public Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)> AddAsync(
        SandboxCharge charge,
        IReadOnlyList<SandboxWebhook> webhooks
    ) =>
        database.WriteAsync<(SandboxCharge, IReadOnlyList<SandboxCallback>)>(session =>
        {
            var isNew =
                session.Execute(
                    $"INSERT OR IGNORE INTO charges({ChargeColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8)",
                    charge.PaymentId,
                    charge.ExternalId,
                    charge.Amount,
                    charge.Currency,
                    (int?)charge.Outcome,
                    charge.SettlesAt,
                    charge.PixCode,
                    SandboxMore.Write(charge.More)
                ) == 1;
            return isNew
                ? (charge, [.. webhooks.Select(webhook => Owe(session, charge, webhook))])
                : (Find(session, charge.PaymentId)!, []);
        });

    public Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)?> ChangeAsync(
        Guid paymentId,
        Func<SandboxCharge, (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks)> decide
    ) =>
        database.WriteAsync<(SandboxCharge, IReadOnlyList<SandboxCallback>)?>(session =>
        {
            if (Find(session, paymentId) is not { } before)
            {
                return null;
            }

            var (after, webhooks) = decide(before);
            if (after != before)
            {
                session.Execute(
                    "UPDATE charges SET outcome = ?2, settles_at = ?3, refunded_at = ?4, more = ?5 WHERE payment_id = ?1",
                    paymentId,
                    (int?)after.Outcome,
                    after.SettlesAt,
                    after.RefundedAt,
                    SandboxMore.Write(after.More)
                );
            }

            return (after, [.. webhooks.Select(webhook => Owe(session, after, webhook))]);
        });

    /// <remarks>
    /// Reads all charges: only tests and developers have a sandbox. What was given back may be later than what was taken, so the time that
    /// a charge settled at says nothing.
    /// </remarks>
    public IAsyncEnumerable<SandboxCharge> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        database
            .Read(session => session.Query($"SELECT {ChargeColumns} FROM charges WHERE settles_at < ?1 ORDER BY payment_id", Read, to))
            .ToAsyncEnumerable();

    public Task<IReadOnlyList<SandboxCallback>> UndeliveredAsync(DateTimeOffset? dueBefore = null) =>
        Task.FromResult<IReadOnlyList<SandboxCallback>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT k.number, k.webhook_id, k.type, k.due_at, k.payment_id, c.external_id, c.amount, c.currency, k.detail
                    FROM callbacks k JOIN charges c USING (payment_id)
                    WHERE k.due_at < ?1 ORDER BY k.number
                    """,
                    row => new SandboxCallback(
                        row.GetInt64(0),
                        row.GetString(1),
                        row.GetString(2),
                        row.Time(3),
                        row.Id(4),
                        row.GetString(5),
                        row.GetInt64(6),
                        row.GetString(7),
                        SandboxDetail.Read(row.Text(8))
                    ),
                    dueBefore ?? DateTimeOffset.MaxValue
                )
            )
        );

    public Task DeliveredAsync(IReadOnlyCollection<SandboxCallback> callbacks) =>
        database.WriteAsync(session =>
        {
            foreach (var callback in callbacks)
            {
                session.Execute("DELETE FROM callbacks WHERE number = ?1", callback.Number);
            }
        });

    private static SandboxCallback Owe(SqliteSession session, SandboxCharge charge, SandboxWebhook webhook)
    {
        session.Execute(
            "INSERT INTO callbacks(webhook_id, payment_id, type, due_at, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
            webhook.WebhookId,
            charge.PaymentId,
            webhook.Type,
            webhook.DueAt,
            SandboxDetail.Write(webhook.Detail)
        );
        return new(
            session.Number("SELECT last_insert_rowid()"),
            webhook.WebhookId,
            webhook.Type,
            webhook.DueAt,
            charge.PaymentId,
            charge.ExternalId,
            charge.Amount,
            charge.Currency,
            webhook.Detail
        );
    }

    private static SandboxCharge? Find(SqliteSession session, Guid paymentId) =>
        session.First($"SELECT {ChargeColumns} FROM charges WHERE payment_id = ?1", Read, paymentId);

    private static SandboxCharge Read(SqliteRow row) =>
        new(
            row.Id(0),
            row.GetString(1),
            row.GetInt64(2),
            row.GetString(3),
            (SandboxState?)row.NumberOrNull(4),
            row.Time(5),
            row.Text(6),
            row.TimeOrNull(7)
        )
        {
            More = SandboxMore.Read(row.Text(8)),
        };
}
