using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Messaging.Batches;

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

    /// <summary>Whether the module's messages may wait for a pause of the sales, for a moment.</summary>
    internal bool YieldsToSales { get; private set; }

    /// <summary>Creates what the module applies by the page; null when it takes every message by itself.</summary>
    internal Func<IServiceProvider, IModuleBatch>? Batch { get; private set; }

    public ModuleConsumers Add<TConsumer>()
        where TConsumer : class, IConsumer
    {
        types.Add(typeof(TConsumer));
        return this;
    }

    /// <summary>
    /// Those of the module's consumers that are a <see cref="BatchConsumer{TChange}"/> get messages by the page, for the registered
    /// <see cref="IBatchWriter{TChange}"/>. The others get each message by itself.
    /// </summary>
    public ModuleConsumers ApplyInBatches<TChange>()
    {
        Batch = services => new ModuleBatch<TChange>(
            services.GetRequiredService<IBatchWriter<TChange>>(),
            types
                .Where(type => type.IsAssignableTo(typeof(BatchConsumer<TChange>)))
                .Select(type => (BatchConsumer<TChange>)ActivatorUtilities.CreateInstance(services, type))
        );
        return this;
    }

    /// <summary>For a module that only follows what has happened: a sale never waits for it, and it lags by a moment at most.</summary>
    public ModuleConsumers YieldToSales()
    {
        YieldsToSales = true;
        return this;
    }
}
