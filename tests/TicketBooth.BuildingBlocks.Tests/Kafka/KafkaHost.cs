using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.KafkaMock;
using TicketBooth.Stalls.Contracts;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

/// <summary>One host as Kafka sees it: the outlet, and the consumers of some modules.</summary>
internal sealed class KafkaHost : IAsyncDisposable
{
    private readonly IHost host;
    private bool started;
    private bool stopped;

    private KafkaHost(IHost host) => this.host = host;

    public IMessageDestination Outlet => Get<KafkaOutlet>();

    public FakeDeadLetters DeadLetters => Get<FakeDeadLetters>();

    public static KafkaHost Build(string bootstrapServers, IReadOnlyList<FakeModule> modules, TimeProvider? clock = null, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(KafkaConnection.Setting, (string?)bootstrapServers), KeyValuePair.Create("Kafka:FetchWaitMilliseconds", (string?)"10")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton<ILeases, SingleHost>();
        builder.Services.AddSingleton(new SalesPauses(new SalesActivity(TimeProvider.System), TimeProvider.System));
        builder.Services.AddSingleton<FakeDeadLetters>();
        builder.Services.AddSingleton<IDeadLetters>(provider => provider.GetRequiredService<FakeDeadLetters>());
        builder.Services.AddSingleton(new ModuleConsumers("Stalls"));
        foreach (var module in modules)
        {
            builder.Services.AddSingleton(new ModuleConsumers(module.Name).Add<FollowSeats>());
        }

        builder.Services.AddKafka(_ => modules);
        return new KafkaHost(builder.Build());
    }

    public static Task<KafkaHost> StartAsync(MockKafkaCluster cluster, FakeModule module, params (string Key, string Value)[] settings) =>
        StartAsync(cluster, module, TimeProvider.System, settings);

    public static async Task<KafkaHost> StartAsync(MockKafkaCluster cluster, FakeModule module, TimeProvider clock, params (string Key, string Value)[] settings)
    {
        var kafkaHost = Build(cluster.Bootstrap, [module], clock, settings);
        await kafkaHost.StartAsync();
        return kafkaHost;
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public async Task StartAsync()
    {
        await host.StartAsync();
        started = true;
    }

    public async Task<HealthStatus> HealthAsync() => (await Get<HealthCheckService>().CheckHealthAsync()).Entries["kafka"].Status;

    public static OutboxEntry Entry(Guid row, int number) => MessageCodec.Encode(new SeatTaken(row, number), row, new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));

    /// <summary>What the relay does: one row's messages one after the other, different rows side by side, and again for ever what failed.</summary>
    public Task RelayAsync(IEnumerable<OutboxEntry> entries) => Parallel.ForEachAsync(
        entries.GroupBy(entry => entry.Key),
        new ParallelOptions { MaxDegreeOfParallelism = 128 },
        async (row, cancellationToken) =>
        {
            foreach (var entry in row)
            {
                while (!await TryRelayAsync(entry, cancellationToken))
                {
                    await Task.Delay(50, cancellationToken);
                }
            }
        });

    public async ValueTask DisposeAsync()
    {
        if (!stopped)
        {
            stopped = true;
            if (started)
            {
                await host.StopAsync();
            }

            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private async Task<bool> TryRelayAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await Outlet.DeliverAsync([entry], "stalls-0001", cancellationToken);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}

internal sealed class FakeDeadLetters : IDeadLetters
{
    public ConcurrentQueue<DeadLetter> All { get; } = new();

    public Task AddAsync(string module, string source, OutboxEntry entry, string reason)
    {
        All.Enqueue(new DeadLetter(All.Count + 1, module, source, entry, reason, entry.At));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DeadLetter>> ListAsync(int limit) => Task.FromResult<IReadOnlyList<DeadLetter>>([.. All.Take(limit)]);

    public Task<long> CountAsync() => Task.FromResult<long>(All.Count);

    public Task<DeadLetter?> FindAsync(long number) => Task.FromResult(All.FirstOrDefault(letter => letter.Number == number));

    public Task RemoveAsync(long number) => throw new NotSupportedException("Kafka never removes a dead letter.");
}
