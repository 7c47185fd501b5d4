using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>Every module of this process that consumes messages.</summary>
/// <remarks>Made before the bus starts: making a dispatcher later races with its start.</remarks>
public sealed class ModuleDeliveries(
    IBusInstance bus,
    IBusRegistrationContext registrations,
    IEnumerable<ModuleConsumers> modules,
    IDeadLetters deadLetters,
    TimeProvider clock,
    ILoggerFactory loggers
)
{
    internal IReadOnlyList<ModuleDelivery> All { get; } =
    [
        .. modules
            .Where(module => module.Types.Count > 0)
            .Select(module => new ModuleDelivery(
                ModuleDispatcher.Create(bus, registrations, module),
                deadLetters,
                clock,
                loggers.CreateLogger<ModuleDelivery>()
            )),
    ];

    /// <summary>Gives a dead letter to its module once more. Its failure is the caller's; the letter stays where it is.</summary>
    public Task ReplayAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return All.Single(module => module.Name == letter.Module).ReplayAsync(letter.Entry, cancellationToken);
    }
}
