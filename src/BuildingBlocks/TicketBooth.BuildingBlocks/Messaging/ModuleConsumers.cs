using MassTransit;

namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>The consumers of one module, as it names them at composition.</summary>
public sealed class ModuleConsumers(string module)
{
    private readonly List<Type> types = [];

    public string Module => module;

    internal IReadOnlyList<Type> Types => types;

    public ModuleConsumers Add<TConsumer>()
        where TConsumer : class, IConsumer
    {
        types.Add(typeof(TConsumer));
        return this;
    }
}
