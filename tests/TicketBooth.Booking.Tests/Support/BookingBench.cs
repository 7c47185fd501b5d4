using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Web.Mediation;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>The module as it composes itself, with the real SQLite stores, but without a web server, a relay or workers, and with a clock of the test's.</summary>
internal sealed class BookingBench : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string? ownFolder;
    private bool isClosed;

    private BookingBench(ServiceProvider services, string? ownFolder) => (this.services, this.ownFolder) = (services, ownFolder);

    public FakeTimeProvider Clock => (FakeTimeProvider)Get<TimeProvider>();

    public FakeEvents Events => Get<FakeEvents>();

    public FakePayments Payments => Get<FakePayments>();

    public ShardRegistry Shards => Get<ShardRegistry>();

    public OnSaleCatalog Catalog => Get<OnSaleCatalog>();

    public BookingOptions Options => Get<IOptions<BookingOptions>>().Value;

    /// <summary>Where its clocks start.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>One buyer of a test buys much. A test of the limits sets them.</summary>
    public static IReadOnlyDictionary<string, string?> NoLimits { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Booking:MaxTicketsPerBuyer"] = "0",
        ["Booking:MaxHoldsPerBuyer"] = "0",
        ["Booking:LapsePauseSeconds"] = "0",
    };

    /// <param name="folder">An existing folder, for tests of restarts; left in place afterwards.</param>
    /// <param name="before">The bench that had the folder before: its clock, events and payments go on.</param>
    public static async Task<BookingBench> OpenAsync(string? folder = null, BookingBench? before = null, params (string Key, string Value)[] settings)
    {
        var path = folder ?? NewFolder();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(NoLimits)
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build();
        var all = new ServiceCollection();
        all.AddMetrics();
        all.AddSingleton<IConfiguration>(configuration);
        all.AddLogging();
        var clock = before?.Clock ?? new FakeTimeProvider(Start);
        all.AddSingleton<TimeProvider>(clock);
        // Handed in, so that it is the bench's to close, once.
        all.AddSingleton(new EmbeddedStorage(Microsoft.Extensions.Options.Options.Create(new StorageOptions { Path = path }), new TestEnvironment()));
        all.AddSingleton<ILeases, SingleHost>();
        all.AddSingleton(new SalesActivity(clock));
        new BookingModule().AddServices(all, configuration);
        all.AddSingleton<IOrderStores, Stores>();
        all.AddSlices(typeof(FakeEvents).Assembly);
        all.AddSingleton(before?.Events ?? new FakeEvents(clock));
        all.AddSingleton(before?.Payments ?? new FakePayments());

        // Scopes are checked, so that a slice that holds on to what is made per request fails here.
        var built = all.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        await built.GetRequiredService<ShardRegistry>().OpenAllAsync();
        return new BookingBench(built, folder is null ? path : null);
    }

    public static Task<BookingBench> OpenAsync(params (string Key, string Value)[] settings) => OpenAsync(folder: null, before: null, settings);

    public static string NewFolder() => Directory.CreateTempSubdirectory("ticketbooth-booking-").FullName;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<T> SendAsync<T>(IRequest<T> request)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request);
    }

    public async Task<EventOnSale> OnSaleAsync(EventForSale sale) => (await Catalog.FindAsync(sale.Id, CancellationToken.None)).Value;

    public async Task<Shard> ShardOfAsync(EventForSale sale) => await Shards.OfAsync((await OnSaleAsync(sale)).Shard);

    public async Task<WatchedStore> StoreOfAsync(EventForSale sale) => (WatchedStore)(await ShardOfAsync(sale)).Store;

    public Task<Result<OrderView>> OrderAsync(EventForSale sale, params int[] numbers) => OrderAsync(NewId(), sale, numbers);

    public Task<Result<OrderView>> OrderAsync(Guid buyer, EventForSale sale, params int[] numbers) =>
        SendAsync(new RequestOrder(buyer, sale.TicketIds(numbers), null, null, null));

    public Task<Result<OrderView>> OrderBestAsync(EventForSale sale, int quantity = 1, Guid? tier = null, Guid? buyer = null, string? key = null) =>
        SendAsync(new RequestOrder(buyer ?? NewId(), null, sale.Id, tier, quantity, key));

    /// <summary>An item for a lane: these numbers, or the best available.</summary>
    public PlaceItem Place(EventOnSale sale, int[]? numbers, int quantity = 1, Guid? tier = null, Guid? buyer = null, Guid? orderId = null, long? expectedTotal = null) =>
        new(orderId ?? TaggedId.New(Clock.GetUtcNow(), sale.Shard), sale.Id, buyer ?? NewId(), numbers, tier, numbers?.Length ?? quantity, expectedTotal);

    public Task<Result<Order>> ChangeAsync(Guid orderId, Func<Order, DateTimeOffset, Result<OrderChange>> decide, InboxKey? inbox = null) =>
        Shards.OfOrder(orderId).Lane.RunAsync(new ChangeItem(orderId, inbox, decide), CancellationToken.None);

    public Task<Result<Order>> ConfirmAsync(Guid orderId, Guid paymentId) =>
        ChangeAsync(orderId, (order, now) => PaymentRules.Confirm(order, paymentId, eventIsCanceled: false, eventHasEnded: false, now));

    public Task<Result<PaymentTerms>> BeginPaymentAsync(OrderView order, Guid buyer, Guid paymentId) => SendAsync(new BeginPayment(order.Id, buyer, paymentId));

    public async Task<Order> LoadAsync(Guid orderId) => (await Shards.OfOrder(orderId).Store.LoadAsync([orderId])).Single();

    public Guid NewId() => Guid.CreateVersion7(Clock.GetUtcNow());

    /// <summary>Stops the lanes and closes the files; what the test asked of its fakes stays readable.</summary>
    public async Task CloseAsync()
    {
        if (!isClosed)
        {
            isClosed = true;

            // A test that failed may have left a gate closed, and a lane finishes what it has accepted.
            WatchedStore.OpenAll(Shards);
            await Shards.StopAsync(CancellationToken.None);
            await Get<EmbeddedStorage>().DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await services.DisposeAsync();
        if (ownFolder is not null)
        {
            Directory.Delete(ownFolder, recursive: true);
        }
    }

    private sealed class Stores(EmbeddedStorage storage) : IOrderStores
    {
        public bool AreOfThisHostAlone => true;

        public Task<IOrderStore> OpenAsync(ushort shard) => Task.FromResult<IOrderStore>(new WatchedStore(SqliteStores.Open(storage, shard)));
    }
}

internal static class ShardExtensions
{
    /// <summary>The open shard that has the order.</summary>
    public static Shard OfOrder(this ShardRegistry shards, Guid orderId) =>
        shards.All.Single(shard => TaggedId.TryReadTag(orderId, out var number) && number == shard.Number);
}

/// <summary>The SQLite stores without a relay behind them.</summary>
internal static class SqliteStores
{
    public static string NameOf(int shard) => FormattableString.Invariant($"booking-{shard:D4}");

    public static SqliteOrderStore Open(EmbeddedStorage storage, int shard)
    {
        var database = storage.Open(NameOf(shard), SqliteOrderStore.Schema);
        return new SqliteOrderStore(database, new SqliteOutbox(NameOf(shard), database));
    }
}
