using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Sales;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Lanes;

/// <summary>A shard: where its orders are, and the lane through which they are written.</summary>
internal sealed record Shard(ushort Number, IOrderStore Store, PurchaseLane Lane);

/// <summary>All shards of this host. Opened at the start; a new one when the first event is put on it.</summary>
internal sealed class LaneRegistry : IHostedService, IDisposable
{
    private readonly IBookingDirectory directory;
    private readonly IOrderStores stores;
    private readonly SaleCatalog catalog;
    private readonly BookingOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<PurchaseLane> logger;
    private readonly ConcurrentDictionary<ushort, Shard> shards = new();
    private readonly SemaphoreSlim opening = new(1, 1);

    public LaneRegistry(
        IBookingDirectory directory,
        IOrderStores stores,
        SaleCatalog catalog,
        IOptions<BookingOptions> options,
        TimeProvider clock,
        ILogger<PurchaseLane> logger,
        IMeterFactory meters
    )
    {
        (this.directory, this.stores, this.catalog, this.options, this.clock, this.logger) = (
            directory,
            stores,
            catalog,
            options.Value,
            clock,
            logger
        );
        meters
            .Create("TicketBooth.Booking")
            .CreateObservableGauge(
                "ticketbooth.lane.depth",
                () => All.Select(shard => new Measurement<int>(shard.Lane.Depth, new KeyValuePair<string, object?>("shard", shard.Number))),
                unit: "{request}",
                description: "Requests waiting in front of a shard's purchase lane."
            );
    }

    /// <summary>Those that are open, ascending by number.</summary>
    public IReadOnlyList<Shard> All => [.. shards.Values.OrderBy(shard => shard.Number)];

    /// <summary>The shard, opened if this host has not used it yet.</summary>
    public ValueTask<Shard> OfAsync(ushort number) =>
        shards.TryGetValue(number, out var shard) ? ValueTask.FromResult(shard) : new(OpenAsync(number));

    /// <summary>The shard that an order's id carries; null when it carries none that exists. Another host may have opened it.</summary>
    public async ValueTask<Shard?> FindAsync(Guid orderId)
    {
        if (!TaggedId.TryReadTag(orderId, out var number))
        {
            return null;
        }

        return shards.TryGetValue(number, out var shard) ? shard
            : (await directory.ShardsAsync()).Contains(number) ? await OpenAsync(number)
            : null;
    }

    /// <summary>Opens every shard that exists, also those that other hosts have made since the last call.</summary>
    public async Task OpenAllAsync()
    {
        foreach (var number in await directory.ShardsAsync())
        {
            await OfAsync(number);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => opening.Dispose();

    /// <summary>Runs after the web server and the relay have stopped: what the lanes have accepted is finished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(All.Select(shard => shard.Lane.DisposeAsync().AsTask()));

    /// <summary>One at a time, and nothing is remembered of an attempt that failed.</summary>
    private async Task<Shard> OpenAsync(ushort number)
    {
        await opening.WaitAsync();
        try
        {
            if (!shards.TryGetValue(number, out var shard))
            {
                var store = await stores.OpenAsync(number);
                shard = new Shard(number, store, new PurchaseLane(store, catalog, options, clock, logger));
                shards[number] = shard;
            }

            return shard;
        }
        finally
        {
            opening.Release();
        }
    }
}
