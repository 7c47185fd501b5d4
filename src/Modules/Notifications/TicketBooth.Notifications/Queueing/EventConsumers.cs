using MassTransit;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Events.Contracts;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>
/// Compares an event with what was known of it, and mails its buyers what concerns them. Repeated, it finds nothing new: the facts are
/// asked for, and the row and the bulk are written together.
/// </summary>
internal sealed class KnownEvents(NotificationsDbContext db, IMediator mediator)
{
    public async Task RefreshAsync(Guid eventId, DateTimeOffset at, bool isCanceled, CancellationToken cancellationToken)
    {
        if ((await mediator.Send(new GetEventFacts([eventId]), cancellationToken)).Value is not [var facts])
        {
            return;
        }

        var known = await db.Events.FirstOrDefaultAsync(each => each.Id == eventId, cancellationToken);
        if (known is null)
        {
            known = new EventRow
            {
                Id = facts.Id,
                Name = facts.Name,
                Venue = facts.Venue,
            };
            db.Events.Add(known);
        }
        else if (known.Version < facts.Version)
        {
            AddChange(known, facts, at);
        }

        (known.Version, known.Name, known.Venue, known.StartsAt) = (facts.Version, facts.Name, facts.Venue, facts.StartsAt);
        if (isCanceled && known.CanceledAt is null)
        {
            known.CanceledAt = at;
            Add(MailKinds.EventCanceled, $"{MailKinds.EventCanceled}/{eventId}", eventId, at, data: null);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private void AddChange(EventRow known, EventFacts facts, DateTimeOffset at)
    {
        var isMoved = known.StartsAt != facts.StartsAt;
        if (facts.IsCanceled || !(isMoved || known.Name != facts.Name || known.Venue != facts.Venue))
        {
            return;
        }

        var kind = isMoved ? MailKinds.EventPostponed : MailKinds.EventChanged;
        Add(
            kind,
            FormattableString.Invariant($"{kind}/{facts.Id}/{facts.Version}"),
            facts.Id,
            at,
            new ChangeData(known.Name, known.Venue, known.StartsAt, facts.Name, facts.Venue, facts.StartsAt)
        );
    }

    private void Add(string kind, string key, Guid eventId, DateTimeOffset at, ChangeData? data) =>
        db.Bulks.Add(
            new BulkRow
            {
                UniqueKey = key,
                Kind = kind,
                EventId = eventId,
                Data = data is null ? null : MailQueue.ToJson(data),
                At = at,
            }
        );
}

internal sealed class NoteEventWhenEventPublished(KnownEvents events) : IConsumer<EventPublished>
{
    public Task Consume(ConsumeContext<EventPublished> context) =>
        events.RefreshAsync(context.Message.EventId, context.Message.At, isCanceled: false, context.CancellationToken);
}

internal sealed class MailBuyersWhenEventChanged(KnownEvents events) : IConsumer<EventChanged>
{
    public Task Consume(ConsumeContext<EventChanged> context) =>
        events.RefreshAsync(context.Message.EventId, context.Message.At, isCanceled: false, context.CancellationToken);
}

internal sealed class MailBuyersWhenEventCanceled(KnownEvents events) : IConsumer<EventCanceled>
{
    public Task Consume(ConsumeContext<EventCanceled> context) =>
        events.RefreshAsync(context.Message.EventId, context.Message.At, isCanceled: true, context.CancellationToken);
}
