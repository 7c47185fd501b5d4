using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

/// <param name="Key">What it is about.</param>
/// <param name="Number">Its place among the messages about it.</param>
public sealed record Tick(Guid Key, int Number) : IIntegrationEvent;

/// <summary>A message that nobody consumes.</summary>
public sealed record Unheard(Guid Key) : IIntegrationEvent;

/// <summary>What the consumers of a test do, and what came to them.</summary>
internal sealed class Script
{
    public Func<IConsumer, ConsumeContext<Tick>, Task> First { get; set; } = (_, _) => Task.CompletedTask;

    public Func<IConsumer, ConsumeContext<Tick>, Task> Second { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What the module does that takes messages by the page.</summary>
    public Func<IReadOnlyList<Tick>, CancellationToken, Task> Pages { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Every attempt.</summary>
    public ConcurrentQueue<IReadOnlyList<Tick>> CameInPages { get; } = new();

    public ConcurrentQueue<Tick> CameToFirst { get; } = new();

    public ConcurrentQueue<Tick> CameToSecond { get; } = new();
}

internal sealed class FirstConsumer(Script script) : IConsumer<Tick>
{
    public Task Consume(ConsumeContext<Tick> context)
    {
        script.CameToFirst.Enqueue(context.Message);
        return script.First(this, context);
    }
}

internal sealed class SecondConsumer(Script script) : IConsumer<Tick>
{
    public Task Consume(ConsumeContext<Tick> context)
    {
        script.CameToSecond.Enqueue(context.Message);
        return script.Second(this, context);
    }
}

internal sealed class PageConsumer(IBatchWriter<Tick> writer) : BatchConsumer<Tick, Tick>(writer)
{
    protected override Tick ChangeOf(Tick message, InboxKey key) => message;
}

internal sealed class PageWriter(Script script) : IBatchWriter<Tick>
{
    public Task ApplyAsync(IReadOnlyList<Tick> changes, CancellationToken cancellationToken)
    {
        script.CameInPages.Enqueue(changes);
        return script.Pages(changes, cancellationToken);
    }
}

/// <summary>Two modules with a consumer each, one that takes messages by the page, an outbox, and the real relay between them.</summary>
internal sealed class RelayHost : IAsyncDisposable
{
    private static readonly string[] Schema = [SqliteOutbox.Schema, SqliteOutbox.Pages, "CREATE TABLE effects(consumer TEXT NOT NULL, number INTEGER NOT NULL)"];

    private readonly IHost host;
    private readonly TimeProvider clock;

    private RelayHost(IHost host, TimeProvider clock)
    {
        this.host = host;
        this.clock = clock;
        Database = host.Services.GetRequiredService<EmbeddedStorage>().Open("outbox", Schema);
        Outbox = new SqliteOutbox("outbox", Database);
    }

    public SqliteDatabase Database { get; }

    public SqliteOutbox Outbox { get; }

    public OutboxRelay Relay => host.Services.GetRequiredService<OutboxRelay>();

    public ModuleDeliveries Modules => host.Services.GetRequiredService<ModuleDeliveries>();

    public IDeadLetters DeadLetters => host.Services.GetRequiredService<IDeadLetters>();

    /// <param name="folder">The storage; give the same one again to restart.</param>
    /// <param name="clock">Of the relay's pauses.</param>
    /// <param name="script">What the consumers do.</param>
    /// <param name="wrap">Puts trouble between the relay and its outbox.</param>
    /// <param name="services">Last word on services.</param>
    public static async Task<RelayHost> StartAsync(
        string folder, TimeProvider clock, Script script, Func<IOutboxSource, IOutboxSource>? wrap = null, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(script);
        builder.Services.AddSingleton<IBatchWriter<Tick>, PageWriter>();
        builder.Services.AddSingleton(_ => TestStorage.Open(folder));
        builder.Services.AddSingleton<IDeadLetters, SqliteDeadLetters>();
        builder.Services.AddSingleton<IOutageDetector, OutageDetector>();
        builder.Services.AddSingleton<ILeases, SingleHost>();
        builder.Services.AddMessaging(
        [
            new Module("First", consumers => consumers.Add<FirstConsumer>()),
            new Module("Second", consumers => consumers.Add<SecondConsumer>()),
            new Module("Pages", consumers => consumers.Add<PageConsumer>().ApplyInBatches<Tick>()),
            new Module("Deaf", _ => { }),
        ]);
        services?.Invoke(builder.Services);
        var relayHost = new RelayHost(builder.Build(), clock);
        relayHost.Relay.Attach(wrap is null ? relayHost.Outbox : wrap(relayHost.Outbox));
        await relayHost.host.StartAsync();
        return relayHost;
    }

    /// <summary>Stores the messages in one change, as a module would.</summary>
    public async Task PublishAsync(params IEnumerable<Tick> messages)
    {
        var entries = messages.Select(message => MessageCodec.Encode(message, message.Key, clock.GetUtcNow())).ToList();
        await Database.WriteAsync(session => entries.ForEach(entry => SqliteOutbox.Append(session, entry)));
        Outbox.Signal();
    }

    public async Task PublishUnheardAsync(Unheard message)
    {
        await Database.WriteAsync(session => SqliteOutbox.Append(session, MessageCodec.Encode(message, message.Key, clock.GetUtcNow())));
        Outbox.Signal();
    }

    /// <summary>What a consumer with an inbox does: its mark and its effect in one write.</summary>
    public Task TakeEffectOnceAsync(IConsumer consumer, ConsumeContext<Tick> context) => Database.WriteAsync(session =>
    {
        var key = InboxKey.Of(consumer, context);
        if (SqliteOutbox.TryEnter(session, key))
        {
            session.Execute("INSERT INTO effects(consumer, number) VALUES (?1, ?2)", key.Consumer, context.Message.Number);
        }
    });

    public List<int> Effects(string consumer) =>
        Database.Read(session => session.Query("SELECT number FROM effects WHERE consumer = ?1 ORDER BY rowid", row => row.GetInt32(0), consumer));

    /// <summary>What the module of pages does in earnest: a row for each number, at most once.</summary>
    public Task StoreOnceAsync(IReadOnlyList<Tick> page) => Database.WriteAsync(session =>
    {
        foreach (var tick in page)
        {
            session.Execute("INSERT INTO effects(consumer, number) SELECT 'Pages', ?1 WHERE NOT EXISTS (SELECT 1 FROM effects WHERE consumer = 'Pages' AND number = ?1)", tick.Number);
        }
    });

    /// <summary>How many entries at least one module has not been given yet.</summary>
    public long Undelivered() => Database.Read(session => session.Number($"SELECT (SELECT MAX(last) FROM outbox_pages) - ({SqliteOutbox.SelectDelivered})"));

    /// <summary>How many entries there are, the newest one included, which always stays.</summary>
    public long Stored() => Database.Read(session => session.Number("SELECT SUM(count) FROM outbox_pages"));

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private sealed class Module(string name, Action<ModuleConsumers> consumers) : IModule
    {
        public string Name => name;

        public void AddServices(IServiceCollection services, IConfiguration configuration)
        {
        }

        public void AddConsumers(ModuleConsumers all) => consumers(all);
    }
}
