using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Modules;

/// <summary>Every module of this process that consumes messages.</summary>
/// <remarks>Created before the bus starts: a dispatcher that is created later races with the start.</remarks>
public sealed class ModuleDeliveries(
    IBusInstance bus,
    IBusRegistrationContext registrations,
    IEnumerable<ModuleConsumers> modules,
    IServiceProvider services,
    IDeadLetters deadLetters,
    IOutageDetector outages,
    MessageMetrics metrics,
    TimeProvider clock,
    ILoggerFactory loggers
)
{
    private readonly List<ModuleDelivery> deliveries =
    [
        .. modules
            .Where(module => module.Types.Count > 0)
            .Select(module => new ModuleDelivery(
                ModuleDispatcher.Create(bus, registrations, module),
                module.Batch is { } batch ? new Lazy<IModuleBatch>(() => batch(services)) : null,
                module.YieldsToSales,
                deadLetters,
                outages,
                metrics,
                clock,
                loggers.CreateLogger<ModuleDelivery>()
            )),
    ];

    /// <summary>In the order of the modules.</summary>
    public IReadOnlyList<IMessageDestination> All => deliveries;

    /// <summary>Delivers a dead letter to its module again. Throws when that fails; the letter stays in its store either way.</summary>
    public Task ReplayAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return deliveries.Single(module => module.Name == letter.Module).ReplayAsync(letter.Entry, cancellationToken);
    }
}
