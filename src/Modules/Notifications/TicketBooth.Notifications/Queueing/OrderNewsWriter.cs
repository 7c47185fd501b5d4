using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Writes a page of news and the mails that they make, together.</summary>
internal sealed class OrderNewsWriter(OrderWriter writer, IOptions<NotificationsOptions> options) : IBatchWriter<OrderNews>
{
    public Task ApplyAsync(IReadOnlyList<OrderNews> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return writer.WriteAsync(tables => ApplyAsync(tables, changes), cancellationToken);
    }

    private async Task<int> ApplyAsync(OrderTables tables, IReadOnlyList<OrderNews> changes)
    {
        var ids = changes.Select(change => change.OrderId).ToHashSet();
        var known = await tables.FindAsync(ids);
        var learned = known.Values.Where(order => order.Revision == 0).Select(order => order.Id).ToHashSet();
        var orders = new Dictionary<Guid, OrderRow>(ids.Count);
        var mails = new Dictionary<string, MailRow>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (!orders.TryGetValue(change.OrderId, out var order))
            {
                order = known.GetValueOrDefault(change.OrderId) ?? new OrderRow { Id = change.OrderId };
                orders.Add(change.OrderId, order);
            }

            Add(change.Apply(order));
        }

        var beforeEnd = TimeSpan.FromMinutes(options.Value.ReminderMinutes);
        foreach (var order in orders.Values)
        {
            Add(WaitingMails.HurryOf(order, beforeEnd));
        }

        await AddLateOnesAsync(tables, orders.Values, Add);
        foreach (var mail in mails.Values)
        {
            mail.AccountId ??= orders[mail.OrderId!.Value].Account;
        }

        await tables.AddAsync(orders.Values.Where(order => !known.ContainsKey(order.Id)));
        await tables.ChangeAsync(known.Values.Where(order => !learned.Contains(order.Id)));
        await tables.ChangeAsync(known.Values.Where(order => learned.Contains(order.Id)), areLearned: true);
        await tables.AddAsync(mails.Values);
        return mails.Count;

        void Add(MailRow? mail)
        {
            if (mail is not null)
            {
                mails.TryAdd(mail.UniqueKey, mail);
            }
        }
    }

    /// <summary>Orders of a canceled event that this module learns of only now get the mail that the others have got.</summary>
    private static async Task AddLateOnesAsync(OrderTables tables, IReadOnlyCollection<OrderRow> orders, Action<MailRow> add)
    {
        foreach (var bulk in await tables.CancelationsAsync())
        {
            foreach (var order in orders.Where(order => order.EventId == bulk.EventId && BulkMail.Concerns(order, bulk)))
            {
                add(BulkMail.Of(order, bulk));
            }
        }
    }
}
