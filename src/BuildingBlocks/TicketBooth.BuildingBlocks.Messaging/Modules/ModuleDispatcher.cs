using MassTransit;
using MassTransit.Transports;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Modules;

/// <summary>MassTransit's consume pipeline (scope, retry, consumers) over exactly one module's consumers, without a transport.</summary>
/// <remarks>MassTransit's own dispatcher factory supports all consumers or one consumer, but not those of one module.</remarks>
internal sealed class ModuleDispatcher
{
    private readonly ReceiveEndpointDispatcher dispatcher;
    private readonly HashSet<string> types;

    private ModuleDispatcher(string module, ReceiveEndpointDispatcher dispatcher, HashSet<string> types) =>
        (Module, this.dispatcher, this.types) = (module, dispatcher, types);

    public string Module { get; }

    public static ModuleDispatcher Create(IBusInstance bus, IRegistrationContext context, ModuleConsumers consumers)
    {
        var endpoint = bus.HostConfiguration.CreateReceiveEndpointConfiguration("ticketbooth-" + consumers.Module);
        var configurator = (IReceiveEndpointConfigurator)endpoint;
        configurator.ThrowOnSkippedMessages();
        configurator.RethrowFaultedMessages();
        configurator.PublishFaults = false;
        configurator.ConfigureConsumeTopology = false;
        configurator.UseMessageRetry(retry => retry.Immediate(2));
        foreach (var consumer in consumers.Types)
        {
            context.ConfigureConsumer(consumer, configurator);
        }

        endpoint.Validate().ThrowIfContainsFailure("The consumers of " + consumers.Module);
        return new ModuleDispatcher(
            consumers.Module,
            new ReceiveEndpointDispatcher(endpoint.CreateReceiveEndpointContext()),
            consumers.MessageTypes.ToHashSet(StringComparer.Ordinal)
        );
    }

    public bool Consumes(OutboxEntry entry) => types.Contains(entry.MessageType);

    /// <summary>Runs the module's consumers of the entry's type. When the retries are used up, throws what the consumer threw.</summary>
    public Task DispatchAsync(OutboxEntry entry, CancellationToken cancellationToken) =>
        dispatcher.Dispatch(entry.Body, MessageCodec.Headers(entry), cancellationToken);
}
