using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Tells Booking's part of <c>audit</c> which changes of events may not have reached it yet.</summary>
internal static class FindPendingEvents
{
    internal sealed class Handler(IEventStore store) : IRequestHandler<Contracts.FindPendingEvents, Result<IReadOnlySet<Guid>>>
    {
        public async Task<Result<IReadOnlySet<Guid>>> Handle(Contracts.FindPendingEvents request, CancellationToken cancellationToken) =>
            Result<IReadOnlySet<Guid>>.From(await store.WithPendingMessagesAsync(request.EventIds));
    }
}
