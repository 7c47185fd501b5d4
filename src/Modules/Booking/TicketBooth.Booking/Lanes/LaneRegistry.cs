using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Sales;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks;

namespace TicketBooth.Booking.Lanes;

/// <summary>A shard: where its orders are, and the lane through which they are written.</summary>
internal sealed record Shard(ushort Number, IOrderStore Store, PurchaseLane Lane);

/// <summary>All shards of this host. Opened at the start; a new one when the first event is put on it.</summary>
internal sealed class LaneRegistry : IHostedService
{
    private readonly IBookingDirectory directory;
    private readonly IOrderStores stores;
    private readonly SaleCatalog catalog;
    private readonly BookingOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<PurchaseLane> logger;
    private readonly ConcurrentDictionary<ushort, Lazy<Shard>> shards = new();

    public LaneRegistry(
        IBookingDirectory directory,
        IOrderStores stores,
        SaleCatalog catalog,
        IOptions<BookingOptions> options,
        TimeProvider clock,
        ILogger<PurchaseLane> logger,
        IMeterFactory meters)
    {
        (this.directory, this.stores, this.catalog, this.options, this.clock, this.logger) = (directory, stores, catalog, options.Value, clock, logger);
        meters.Create("TicketBooth.Booking").CreateObservableGauge(
            "ticketbooth.lane.depth",
            () => All.Select(shard => new Measurement<int>(shard.Lane.Depth, new KeyValuePair<string, object?>("shard", shard.Number))),
            unit: "{request}",
            description: "Requests waiting in front of a shard's purchase lane.");
    }

    /// <summary>Ascending by number.</summary>
    public IReadOnlyList<Shard> All => [.. shards.Values.Select(shard => shard.Value).OrderBy(shard => shard.Number)];

    public Shard Of(ushort number) => shards.GetOrAdd(
        number, static (number, registry) => new Lazy<Shard>(() => registry.Open(number)), this).Value;

    /// <summary>The shard that an order's id carries; false when it carries none that exists.</summary>
    public bool TryOf(Guid orderId, [NotNullWhen(true)] out Shard? shard)
    {
        shard = TaggedId.TryReadTag(orderId, out var number) && shards.TryGetValue(number, out var known) ? known.Value : null;
        return shard is not null;
    }

    public async Task OpenAllAsync()
    {
        foreach (var number in await directory.ShardsAsync())
        {
            Of(number);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the web server and the relay have stopped: what the lanes have accepted is finished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(All.Select(shard => shard.Lane.DisposeAsync().AsTask()));

    private Shard Open(ushort number)
    {
        var store = stores.Open(number);
        return new Shard(number, store, new PurchaseLane(store, catalog, options, clock, logger));
    }
}
