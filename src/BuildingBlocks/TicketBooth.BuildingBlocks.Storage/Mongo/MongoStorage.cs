using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>
/// The MongoDB deployment of <c>ConnectionStrings:MongoDb</c>: a database per module and shard, named <c>prefix_name</c>. The prefix is the
/// database that the connection string names, <c>ticketbooth</c> by default. A majority acknowledges every write (promise I2).
/// </summary>
public sealed class MongoStorage : IDisposable
{
    public const string Setting = "ConnectionStrings:MongoDb";

    // The driver tries a command twice, and each try may wait for a server, a connection or an answer: so a request is answered within 5
    // seconds, also when a server takes everything and says nothing.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly MongoClient client;
    private readonly string prefix;
    private readonly string servers;

    public MongoStorage(IConfiguration configuration, IOptions<StorageOptions> options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        MongoClientSettings settings;
        try
        {
            var url = MongoUrl.Create(configuration.GetConnectionString("MongoDb"));
            settings = MongoClientSettings.FromUrl(url);
            prefix = url.DatabaseName ?? "ticketbooth";
        }
        catch (Exception failure) when (failure is MongoConfigurationException or FormatException or ArgumentException)
        {
            throw new StorageException($"{Setting}: is not a MongoDB connection string (mongodb://host:port/prefix).", failure);
        }

        settings.ServerSelectionTimeout = RequestTimeout;
        settings.ConnectTimeout = RequestTimeout;
        settings.WaitQueueTimeout = RequestTimeout;
        settings.WriteConcern = WriteConcern.WMajority;
        settings.ApplicationName = "ticketbooth";
        ReadOnly = options.Value.ReadOnly;
        if (settings.SocketTimeout == TimeSpan.Zero)
        {
            // Nobody waits for what only reads everything.
            settings.SocketTimeout = ReadOnly ? PatientWork.Longest : RequestTimeout;
        }

        servers = string.Join(',', settings.Servers);
        client = new MongoClient(settings);
    }

    /// <summary>Whether it only reads, as <c>audit</c> does.</summary>
    public bool ReadOnly { get; }

    /// <summary>Whether MongoDB is configured.</summary>
    public static bool IsOn(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration.GetConnectionString("MongoDb"));

    /// <param name="name">For example <c>events</c> or <c>booking_0001</c>.</param>
    public IMongoDatabase Database(string name) => client.GetDatabase($"{prefix}_{name}");

    /// <summary>
    /// For reads over one moment. Never for writes: MongoDB keeps the transaction of a host that was killed open for a minute, and others
    /// wait for its documents.
    /// </summary>
    public Task<IClientSessionHandle> StartSessionAsync(CancellationToken cancellationToken) =>
        client.StartSessionAsync(cancellationToken: cancellationToken);

    /// <summary>Fails with <see cref="StorageException"/> when the deployment cannot be used, within 10 seconds.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        try
        {
            await Database("messaging").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: timeout.Token);
        }
        catch (Exception failure)
            when (failure is MongoException or TimeoutException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            var reason = failure is MongoAuthenticationException ? "the server refuses the user name or password" : "no server answers";
            throw new StorageException($"{Setting}: {servers}: {reason}.", failure);
        }
    }

    /// <summary>Whether there is a majority that can acknowledge a write: a replica set, or a cluster of them.</summary>
    public async Task<bool> IsReplicatedAsync(CancellationToken cancellationToken)
    {
        var hello = await Database("messaging")
            .RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), cancellationToken: cancellationToken);
        return hello.Contains("setName") || hello.GetValue("msg", "") == "isdbgrid";
    }

    public void Dispose() => client.Dispose();
}
