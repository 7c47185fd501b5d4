using MassTransit;

namespace TicketBooth.BuildingBlocks.Messaging.Modules;

/// <summary>The consumers that one module registers.</summary>
public sealed class ModuleConsumers(string module)
{
    private readonly List<Type> types = [];

    public string Module => module;

    public IReadOnlyList<Type> Types => types;

    /// <summary>MassTransit's URNs of the messages that they consume.</summary>
    public IEnumerable<string> MessageTypes =>
        types
            .SelectMany(type => type.GetInterfaces())
            .Where(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IConsumer<>))
            .Select(contract => MessageUrn.ForTypeString(contract.GetGenericArguments()[0]))
            .Distinct(StringComparer.Ordinal);

    public ModuleConsumers Add<TConsumer>()
        where TConsumer : class, IConsumer
    {
        types.Add(typeof(TConsumer));
        return this;
    }
}
