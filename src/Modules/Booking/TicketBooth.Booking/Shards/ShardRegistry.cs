using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>The shards that this host has opened: all that exist at its start, and each new one when it is first used.</summary>
internal sealed class ShardRegistry : IHostedService
{
    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(4);

    private readonly IBookingDirectory directory;
    private readonly IOrderStores stores;
    private readonly OnSaleCatalog catalog;
    private readonly BookingOptions options;
    private readonly SalesActivity sales;
    private readonly LaneMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger<PurchaseLane> logger;
    private readonly ConcurrentDictionary<ushort, Shard> shards = new();
    private readonly ConcurrentDictionary<ushort, Lazy<Task<Shard>>> opening = new();

    public ShardRegistry(
        IBookingDirectory directory,
        IOrderStores stores,
        OnSaleCatalog catalog,
        IOptions<BookingOptions> options,
        SalesActivity sales,
        LaneMetrics metrics,
        TimeProvider clock,
        ILogger<PurchaseLane> logger
    )
    {
        (this.directory, this.stores, this.catalog, this.options) = (directory, stores, catalog, options.Value);
        (this.sales, this.metrics, this.clock, this.logger) = (sales, metrics, clock, logger);
        metrics.ShowDepths(() => All.Select(shard => ((int)shard.Number, shard.Lane.Depth)));
    }

    /// <summary>Ascending by number.</summary>
    public IReadOnlyList<Shard> All => [.. shards.Values.OrderBy(shard => shard.Number)];

    /// <summary>Where a list over all shards goes on: behind the id in its own shard, and from the start in each later one.</summary>
    public IEnumerable<(Shard Shard, Guid? After)> From(Guid? after)
    {
        var current = after is { } id && TaggedId.TryReadTag(id, out var tag) ? tag : (ushort)0;
        return All.Where(shard => shard.Number >= current).Select(shard => (shard, shard.Number == current ? after : null));
    }

    /// <summary>A buyer's orders of all shards, newest first, before one of them.</summary>
    public async Task<IReadOnlyList<Order>> OfBuyerAsync(Guid buyerId, Guid? before, int limit)
    {
        var perShard = await Task.WhenAll(All.Select(shard => shard.Store.OfBuyerAsync(buyerId, before, limit)));

        // Ids begin with their time, so the newest of all shards are the highest ids.
        return
        [
            .. perShard.SelectMany(orders => orders).OrderByDescending(order => order.Id.ToString(), StringComparer.Ordinal).Take(limit),
        ];
    }

    /// <summary>The shard; opens it if this host has not used it yet.</summary>
    public ValueTask<Shard> OfAsync(ushort number) =>
        shards.TryGetValue(number, out var shard) ? ValueTask.FromResult(shard) : new(OpenAsync(number));

    /// <summary>The shard that an order's id names; null when it names none that exists. Another host may have created it.</summary>
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

    /// <summary>The shard of an order that must exist. Throws otherwise, so that a message about it is delivered again.</summary>
    public async ValueTask<Shard> OfOrderAsync(Guid orderId) => await FindAsync(orderId) ?? throw NoOrder(orderId);

    public static InvalidOperationException NoOrder(Guid orderId) => new($"There is no order {orderId}.");

    /// <summary>The shards that exist, also those that other hosts have created since the last call.</summary>
    public Task<IReadOnlyList<ushort>> ExistingAsync() => directory.ShardsAsync();

    /// <summary>Opens every shard that exists, at the start: however long that takes.</summary>
    public async Task OpenAllAsync()
    {
        foreach (var number in await directory.ShardsAsync())
        {
            await Opening(number);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the web server and the relay have stopped: the lanes finish what they have accepted.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(All.Select(shard => shard.Lane.DisposeAsync().AsTask()));

    /// <summary>
    /// Waits for the shard to be open, but not long: its store may not answer. The opening goes on, and holds up no other shard.
    /// </summary>
    private async Task<Shard> OpenAsync(ushort number)
    {
        var opened = Opening(number);
        try
        {
            return await opened.WaitAsync(RequestPatience, clock);
        }
        catch (TimeoutException late) when (!opened.IsCompleted)
        {
            throw new StoreNotAnsweringException($"Shard {number} is being opened, and its store does not answer.", late);
        }
    }

    /// <summary>The opening of a shard that is under way; begins one when none is.</summary>
    private Task<Shard> Opening(ushort number) =>
        opening.GetOrAdd(number, _ => new Lazy<Task<Shard>>(() => Task.Run(() => OpenNowAsync(number)))).Value;

    /// <summary>Once at a time for a shard; a failed attempt leaves nothing behind, so that the next one starts again.</summary>
    private async Task<Shard> OpenNowAsync(ushort number)
    {
        try
        {
            // Opened since the caller looked.
            if (shards.TryGetValue(number, out var shard))
            {
                return shard;
            }

            var store = await stores.OpenAsync(number);
            var lane = new PurchaseLane(store, catalog, options, sales, metrics, clock, logger, stores.AreOfThisHostAlone);
            return shards[number] = new Shard(number, store, lane);
        }
        finally
        {
            opening.TryRemove(number, out _);
        }
    }
}
