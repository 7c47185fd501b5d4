using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Contracts;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Notifications.Sending;

/// <summary>Gathers what mails are composed of, at the moment when they are sent: a new address or a new date of a show counts.</summary>
internal sealed class MailFactsLoader(
    NotificationsDbContext db,
    IMediator mediator,
    IOptions<NotificationsOptions> options,
    IEnumerable<ITicketAttachments> attachments
)
{
    /// <summary>What all the mails have to do with, read at once.</summary>
    public async Task<Gathered> GatherAsync(IReadOnlyList<MailRow> mails, CancellationToken cancellationToken)
    {
        var orderIds = mails.Select(mail => mail.OrderId).OfType<Guid>().Distinct().ToList();
        var orders = await db.Orders.AsNoTracking().Where(order => orderIds.Contains(order.Id)).ToListAsync(cancellationToken);
        var accounts = mails
            .SelectMany(mail => new[] { mail.AccountId, TransferOf(mail)?.OwnerId })
            .Concat(orders.Select(order => (Guid?)order.BuyerId))
            .OfType<Guid>();
        var users = await mediator.Send(new GetUsers([.. accounts.Distinct()]), cancellationToken);
        var eventIds = orders
            .Select(order => order.EventId)
            .Concat(mails.Where(mail => mail.OrderId is null).Select(mail => mail.EventId).OfType<Guid>())
            .Distinct()
            .ToList();
        var events = await mediator.Send(new GetEventFacts(eventIds), cancellationToken);
        var canceled = await db
            .Events.AsNoTracking()
            .Where(each => eventIds.Contains(each.Id) && each.CanceledAt != null)
            .ToDictionaryAsync(each => each.Id, each => each.CanceledAt!.Value, cancellationToken);
        var bulkNumbers = mails.Select(mail => mail.BulkNumber).OfType<long>().Distinct().ToList();
        var bulks = await db
            .Bulks.AsNoTracking()
            .Where(bulk => bulkNumbers.Contains(bulk.Number))
            .ToDictionaryAsync(bulk => bulk.Number, bulk => bulk.Data, cancellationToken);
        var withoutAccount = orders.Where(order => users.Value.All(user => user.Id != order.BuyerId)).Select(order => order.Id).ToList();
        return new Gathered(
            orders.ToDictionary(order => order.Id),
            await CounterSalesAsync(withoutAccount, cancellationToken),
            users.Value.ToDictionary(user => user.Id),
            events.Value.ToDictionary(each => each.Id),
            canceled,
            bulks
        );
    }

    /// <summary>What one mail needs.</summary>
    public async Task<MailFacts> OfAsync(MailRow mail, Gathered all, CancellationToken cancellationToken)
    {
        var order = mail.OrderId is { } id ? all.Orders.GetValueOrDefault(id) : null;
        var user = (mail.AccountId ?? order?.BuyerId) is { } account ? all.Users.GetValueOrDefault(account) : null;
        var counter = order is null ? null : all.CounterSales.GetValueOrDefault(order.Id);
        var language = order?.Language ?? counter?.Language ?? mail.Language ?? user?.Language ?? options.Value.Language;
        return new MailFacts(
            mail.Kind,
            language,
            mail.Name ?? user?.Name ?? counter?.BuyerName,
            mail.BulkNumber is { } bulk ? all.Bulks.GetValueOrDefault(bulk) : mail.Data
        )
        {
            Order = order,
            Event = (order?.EventId ?? mail.EventId) is { } eventId ? all.Events.GetValueOrDefault(eventId) : null,
            OwnerName = TransferOf(mail) is { } transfer ? all.Users.GetValueOrDefault(transfer.OwnerId)?.Name : null,
            PixCode = mail.Kind == MailKinds.OrderPlaced ? await PixCodeAsync(order, cancellationToken) : null,
            Tickets =
                mail.Kind == MailKinds.OrderPaid && order is not null ? await TicketsAsync(order.Id, language, cancellationToken) : [],
        };
    }

    /// <summary>Null for a mail about anything else.</summary>
    private static TransferData? TransferOf(MailRow mail) =>
        TransferLetters.Knows(mail.Kind) ? MailQueue.FromJson<TransferData>(mail.Data) : null;

    /// <summary>What buyers at the counter gave a clerk: they need no account.</summary>
    private async Task<IReadOnlyDictionary<Guid, CounterFacts>> CounterSalesAsync(List<Guid> orderIds, CancellationToken cancellationToken)
    {
        if (orderIds.Count == 0)
        {
            return new Dictionary<Guid, CounterFacts>();
        }

        var facts = await mediator.Send(new GetOrderFacts(orderIds), cancellationToken);
        return facts.Value.Where(order => order.Counter is not null).ToDictionary(order => order.OrderId, order => order.Counter!);
    }

    private async Task<string?> PixCodeAsync(OrderRow? order, CancellationToken cancellationToken)
    {
        if (order is not { IsByPix: true, IsPaying: true, PaymentId: { } payment })
        {
            return null;
        }

        var progress = await mediator.Send(new GetPaymentProgress(order.Id, payment, order.BuyerId), cancellationToken);
        return progress.IsSuccess ? progress.Value.Pix?.Code : null;
    }

    private async Task<IReadOnlyList<TicketAttachment>?> TicketsAsync(Guid orderId, string language, CancellationToken cancellationToken)
    {
        var documents = new List<TicketAttachment>();
        foreach (var source in attachments)
        {
            if (await source.GetAsync(orderId, language, cancellationToken) is not { } made)
            {
                return null;
            }

            documents.AddRange(made);
        }

        return documents;
    }
}

/// <summary>What some mails have to do with, by id.</summary>
/// <param name="Orders">As this module knows them.</param>
/// <param name="CounterSales">Of orders whose buyer has no account, by order.</param>
/// <param name="Users">Who the mails are for.</param>
/// <param name="Events">What is shown.</param>
/// <param name="Canceled">When events were canceled.</param>
/// <param name="Bulks">The data of bulks.</param>
internal sealed record Gathered(
    IReadOnlyDictionary<Guid, OrderRow> Orders,
    IReadOnlyDictionary<Guid, CounterFacts> CounterSales,
    IReadOnlyDictionary<Guid, UserView> Users,
    IReadOnlyDictionary<Guid, EventFacts> Events,
    IReadOnlyDictionary<Guid, DateTimeOffset> Canceled,
    IReadOnlyDictionary<long, string?> Bulks
)
{
    /// <summary>Where a mail goes; null when nobody has an address for it.</summary>
    public string? AddressOf(MailRow mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        if (mail.AccountId is null && mail.OrderId is null)
        {
            return mail.Email;
        }

        var account = mail.AccountId ?? (Orders.TryGetValue(mail.OrderId!.Value, out var order) ? order.BuyerId : null);
        var user = account is { } id ? Users.GetValueOrDefault(id) : null;

        // A mail about an account has the address that it was meant for, which may be a former one.
        return mail.OrderId is null && mail.Email is not null ? mail.Email
            : user is not null || mail.OrderId is null ? user?.Email
            : CounterSales.GetValueOrDefault(mail.OrderId.Value)?.Email;
    }
}
