using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>The sandbox's store in <c>sandbox-gateway.db</c>.</summary>
internal sealed class SqliteSandboxLedger(EmbeddedStorage storage) : ISandboxLedger
{
    private const string ChargeColumns = "payment_id, external_id, amount, currency, outcome, settles_at, pix_code, refunded_at";

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
        ]
    );

    public Task<SandboxCharge?> FindAsync(Guid paymentId) => Task.FromResult(database.Read(session => Find(session, paymentId)));

    public Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)> AddAsync(
        SandboxCharge charge,
        IReadOnlyList<(string WebhookId, string Type)> webhooks
    ) =>
        database.WriteAsync<(SandboxCharge, IReadOnlyList<SandboxCallback>)>(session =>
        {
            var isNew =
                session.Execute(
                    $"INSERT OR IGNORE INTO charges({ChargeColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)",
                    charge.PaymentId,
                    charge.ExternalId,
                    charge.Amount,
                    charge.Currency,
                    (int?)charge.Outcome,
                    charge.SettlesAt,
                    charge.PixCode
                ) == 1;
            return isNew
                ? (charge, [.. webhooks.Select(webhook => Owe(session, charge, webhook.WebhookId, webhook.Type, charge.SettlesAt))])
                : (Find(session, charge.PaymentId)!, []);
        });

    public Task<(SandboxCharge? Charge, SandboxCallback? Callback)> RefundAsync(
        Guid paymentId,
        string webhookId,
        string type,
        DateTimeOffset now
    ) =>
        database.WriteAsync<(SandboxCharge?, SandboxCallback?)>(session =>
        {
            var charge = Find(session, paymentId);
            switch (charge?.StateAt(now))
            {
                case SandboxState.Refunded:
                    return (charge, null);
                case SandboxState.Captured:
                    session.Execute("UPDATE charges SET refunded_at = ?2 WHERE payment_id = ?1", paymentId, now);
                    return (charge, Owe(session, charge!, webhookId, type, now));
                default:
                    return (null, null);
            }
        });

    public Task<IReadOnlyList<SandboxCallback>> UndeliveredAsync(DateTimeOffset? dueBefore = null) =>
        Task.FromResult<IReadOnlyList<SandboxCallback>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT k.number, k.webhook_id, k.type, k.due_at, k.payment_id, c.external_id, c.amount, c.currency
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
                        row.GetString(7)
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

    private static SandboxCallback Owe(SqliteSession session, SandboxCharge charge, string webhookId, string type, DateTimeOffset dueAt)
    {
        session.Execute(
            "INSERT INTO callbacks(webhook_id, payment_id, type, due_at) VALUES (?1, ?2, ?3, ?4)",
            webhookId,
            charge.PaymentId,
            type,
            dueAt
        );
        return new(
            session.Number("SELECT last_insert_rowid()"),
            webhookId,
            type,
            dueAt,
            charge.PaymentId,
            charge.ExternalId,
            charge.Amount,
            charge.Currency
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
        );
}
