using MassTransit;
using MediatR;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Consumers;

internal sealed class AddEventWhenEventPublished(EventRefresher refresher) : IConsumer<EventPublished>
{
    public Task Consume(ConsumeContext<EventPublished> context) =>
        refresher.RefreshAsync(context.Message.EventId, context.CancellationToken);
}

internal sealed class RefreshEventWhenEventChanged(EventRefresher refresher) : IConsumer<EventChanged>
{
    public Task Consume(ConsumeContext<EventChanged> context) => refresher.RefreshAsync(context.Message.EventId, context.CancellationToken);
}

internal sealed class RefreshEventWhenEventCanceled(EventRefresher refresher) : IConsumer<EventCanceled>
{
    public Task Consume(ConsumeContext<EventCanceled> context) =>
        refresher.RefreshAsync(context.Message.EventId, context.CancellationToken);
}

internal sealed class RefreshEventWhenTicketPriceChanged(EventRefresher refresher) : IConsumer<TicketPriceChanged>
{
    public Task Consume(ConsumeContext<TicketPriceChanged> context) =>
        refresher.RefreshAsync(context.Message.EventId, context.CancellationToken);
}

/// <summary>Copies an event from the Events module into the read model.</summary>
/// <remarks>
/// A message only says that an event changed. Its state is queried, so a late message brings the present state and not a past one.
/// </remarks>
internal sealed class EventRefresher(IMediator mediator, ReadModelWriter writer)
{
    public async Task RefreshAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var found = (await mediator.Send(new GetEventFacts([eventId]), cancellationToken)).Value;
        await writer.ApplyAsync([.. found.Select(facts => new EventUpdate(facts))], cancellationToken);
    }
}
