using MassTransit;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Stalls.Contracts;

namespace TicketBooth.Stalls.Contracts
{
    /// <summary>A message of a module that only these tests have; topics follow from this namespace.</summary>
    public sealed record SeatTaken(Guid Row, int Number) : IIntegrationEvent;

    /// <summary>One that nobody consumes.</summary>
    public sealed record SeatDusted(Guid Row) : IIntegrationEvent;
}

namespace TicketBooth.BuildingBlocks.Tests.Kafka
{
    /// <summary>Only says which messages a module follows; what takes effect is the test's <see cref="FakeModule"/>.</summary>
    internal sealed class FollowSeats : IConsumer<SeatTaken>
    {
        public Task Consume(ConsumeContext<SeatTaken> context) => Task.CompletedTask;
    }
}
