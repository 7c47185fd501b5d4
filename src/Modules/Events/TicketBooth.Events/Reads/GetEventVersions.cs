using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Tells Booking which of the events that it sells have changed.</summary>
internal static class GetEventVersions
{
    internal sealed class Handler(IEventStore store) : IRequestHandler<Contracts.GetEventVersions, Result<IReadOnlyDictionary<Guid, long>>>
    {
        public async Task<Result<IReadOnlyDictionary<Guid, long>>> Handle(
            Contracts.GetEventVersions request,
            CancellationToken cancellationToken
        ) => Result<IReadOnlyDictionary<Guid, long>>.From(await store.VersionsAsync(request.EventIds));
    }
}
