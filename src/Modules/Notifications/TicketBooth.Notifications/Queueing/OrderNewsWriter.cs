using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Writes a page of news and the mails that they make, together.</summary>
/// <remarks>
/// News of one order from two topics may be written at two hosts at once: each writes only the columns that it changes, and those of orders
/// and of payments are others. A row or a mail that both add is refused to one, which then finds it.
/// </remarks>
internal sealed class OrderNewsWriter(IServiceScopeFactory scopes) : IBatchWriter<OrderNews>
{
    private static readonly TimeSpan BeforePixCode = TimeSpan.FromSeconds(3);

    public async Task ApplyAsync(IReadOnlyList<OrderNews> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        while (!await TryApplyAsync(changes, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>False when somebody has added one of the rows meanwhile; nothing was written then.</summary>
    private async Task<bool> TryApplyAsync(IReadOnlyList<OrderNews> changes, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var ids = changes.Select(change => change.OrderId).Distinct().ToList();
        var orders = await db.Orders.Where(order => ids.Contains(order.Id)).ToDictionaryAsync(order => order.Id, cancellationToken);
        var mails = new Dictionary<string, MailRow>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (!orders.TryGetValue(change.OrderId, out var order))
            {
                orders[change.OrderId] = order = new OrderRow { Id = change.OrderId };
                db.Orders.Add(order);
            }

            if (change.Apply(order) is { } mail)
            {
                mails.TryAdd(mail.UniqueKey, mail);
            }
        }

        await AddLateOnesAsync(db, orders.Values, mails, cancellationToken);
        Address(mails.Values, orders);
        await HurryPixAsync(db, changes, mails, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<MailQueue>().AddNewAsync(mails.Values, cancellationToken);
        return await db.TrySaveAsync(cancellationToken);
    }

    /// <summary>By whom a mail is found that is about a person. A sale at the counter has no account.</summary>
    private static void Address(IEnumerable<MailRow> mails, Dictionary<Guid, OrderRow> orders)
    {
        foreach (var mail in mails)
        {
            var buyer = orders[mail.OrderId!.Value].BuyerId;
            mail.AccountId ??= buyer == Guid.Empty || buyer == mail.OrderId ? null : buyer;
        }
    }

    /// <summary>Orders of a canceled event that this module learns of only now get the mail that the others have got.</summary>
    private static async Task AddLateOnesAsync(
        NotificationsDbContext db,
        IEnumerable<OrderRow> orders,
        Dictionary<string, MailRow> mails,
        CancellationToken cancellationToken
    )
    {
        var eventIds = orders.Select(order => order.EventId).Distinct().ToList();
        var canceled = await db
            .Bulks.AsNoTracking()
            .Where(bulk => bulk.Kind == MailKinds.EventCanceled && eventIds.Contains(bulk.EventId))
            .ToListAsync(cancellationToken);
        foreach (var bulk in canceled)
        {
            foreach (var order in orders.Where(order => order.EventId == bulk.EventId && BulkMail.Concerns(order, bulk)))
            {
                var mail = BulkMail.Of(order, bulk);
                mails.TryAdd(mail.UniqueKey, mail);
            }
        }
    }

    /// <summary>A code that is to be paid within minutes does not wait for the minute of the others.</summary>
    private static async Task HurryPixAsync(
        NotificationsDbContext db,
        IReadOnlyList<OrderNews> changes,
        Dictionary<string, MailRow> mails,
        CancellationToken cancellationToken
    )
    {
        foreach (var begun in changes.OfType<PaymentBegun>().Where(begun => begun.Message.Method == Payments.Contracts.PaymentMethod.Pix))
        {
            var (key, at) = ($"{MailKinds.OrderPlaced}/{begun.OrderId}", begun.At + BeforePixCode);
            if (mails.TryGetValue(key, out var mail))
            {
                mail.NextTryAt = at;
            }
            else
            {
                await db
                    .Mails.Where(each => each.UniqueKey == key && each.State == MailState.Waiting && each.Tries == 0 && each.NextTryAt > at)
                    .ExecuteUpdateAsync(set => set.SetProperty(each => each.NextTryAt, at), cancellationToken);
            }
        }
    }
}
