using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Redis;

/// <summary>
/// The Redis server of <c>ConnectionStrings:Redis</c>, shared by all hosts. Redis makes things faster and holds nothing that may not be lost, so nothing
/// fails because of it: a question is asked briefly, and while Redis is away the answer is "not now", at once.
/// </summary>
/// <remarks>
/// After a failure nobody asks for two seconds; then one question tries, and its success lets all the others ask again. The connection itself is brought
/// back by the driver.
/// </remarks>
public sealed partial class RedisLink : IAsyncDisposable
{
    public const string Setting = "ConnectionStrings:Redis";
    public const string MeterName = "TicketBooth.Redis";
    public const string FailuresName = "ticketbooth.redis.failures";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly ConfigurationOptions options;
    private readonly string servers;
    private readonly TimeProvider clock;
    private readonly ILogger<RedisLink> logger;
    private readonly Counter<long> failures;
    private ConnectionMultiplexer? connection;
    private long failedAt;
    private volatile bool isDown;
    private int trying;

    public RedisLink(IConfiguration configuration, TimeProvider clock, IMeterFactory meters, ILogger<RedisLink> logger)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(meters);
        (this.clock, this.logger) = (clock, logger);
        options = Read(configuration.GetConnectionString("Redis"));
        servers = string.Join(',', options.EndPoints.Select(EndPointCollection.ToString));
        failures = meters
            .Create(MeterName)
            .CreateCounter<long>(
                FailuresName,
                "{question}",
                "Questions that Redis did not answer in time. Those that were not asked while it was away are not counted."
            );

        // Keys have no prefix of the driver's, and scripts publish past it; so it is put on by us, everywhere alike.
        Prefix = (string?)options.ChannelPrefix is { Length: > 0 } prefix ? prefix : "ticketbooth:";
        options.ChannelPrefix = default;
        options.ClientName = "ticketbooth";
        options.ConnectTimeout = 5_000;

        // The driver may overhear a refused password, and then waits for its timeout: a second try would outlast our patience, and the reason be lost.
        options.ConnectRetry = 1;
        options.AbortOnConnectFail = true;

        // Whoever asks while there is no connection shall hear so, and not wait in a queue for one.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.KeepAlive = 5;
    }

    /// <summary>In front of every key and channel: <c>channelPrefix</c> of the connection string, else <c>ticketbooth:</c>.</summary>
    public string Prefix { get; }

    /// <summary>False from a failure on until a question is answered again.</summary>
    public bool IsUp => connection is not null && !isDown;

    /// <summary>Whether the setting is there.</summary>
    public static bool IsOn(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration.GetConnectionString("Redis"));

    /// <summary>Connects; fails with <see cref="StorageException"/> within 10 seconds when the server cannot be used.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(StartPatience, cancellationToken);
            await connection.GetDatabase().PingAsync().WaitAsync(StartPatience, cancellationToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new StorageException(
                $"{Setting}: {servers}: {(IsRefusal(failure) ? "the server refuses the user name or password" : "no server answers")}.",
                failure
            );
        }
    }

    /// <summary>Asks; not answered when Redis is away or slower than <paramref name="patience"/>. Never throws because of Redis.</summary>
    public async ValueTask<(bool IsAnswered, T? Answer)> TryAsync<TState, T>(
        TState state,
        Func<IDatabase, TState, Task<T>> ask,
        TimeSpan patience
    )
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (connection is not { } open)
        {
            return default;
        }

        var isTrial = isDown;
        if (isTrial && (clock.GetElapsedTime(Interlocked.Read(ref failedAt)) < Rest || Interlocked.Exchange(ref trying, 1) == 1))
        {
            return default;
        }

        try
        {
            var answer = await ask(open.GetDatabase(), state).WaitAsync(patience);
            if (isTrial)
            {
                isDown = false;
                LogBack(logger, servers);
            }

            return (true, answer);
        }
        catch (Exception failure)
            when (failure is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            failures.Add(1);
            Interlocked.Exchange(ref failedAt, clock.GetTimestamp());
            if (!isDown)
            {
                isDown = true;
                LogAway(logger, servers, failure.Message);
            }

            return default;
        }
        finally
        {
            if (isTrial)
            {
                Volatile.Write(ref trying, 0);
            }
        }
    }

    /// <summary>The messages of a channel, one after the other in the order in which they were sent, for as long as this object lives.</summary>
    /// <remarks>A message is lost when the connection is. Whoever needs to know numbers them.</remarks>
    public async Task FollowAsync(string channel, Action<string> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        var open = connection ?? throw new InvalidOperationException("Open first.");
        var messages = await open.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel));
        messages.OnMessage(message => receive(message.Message.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    /// <remarks>The parser's own message quotes what it could not read, which may be the end of a password that has a comma in it.</remarks>
    private static ConfigurationOptions Read(string? text)
    {
        try
        {
            var read = ConfigurationOptions.Parse(text ?? "");
            return read.EndPoints.Count > 0 ? read : throw new StorageException($"{Setting}: names no server (host:port,password=…).");
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException)
        {
            throw new StorageException($"{Setting}: is not a connection string of StackExchange.Redis (host:port,password=…).", failure);
        }
    }

    private static bool IsRefusal(Exception failure) =>
        failure is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
        || failure.Message.Contains("NOAUTH", StringComparison.Ordinal)
        || failure.Message.Contains("WRONGPASS", StringComparison.Ordinal)
        || (failure.InnerException is { } inner && IsRefusal(inner));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis at {Servers} does not answer ({Reason}); this host goes on without it")]
    private static partial void LogAway(ILogger logger, string servers, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis at {Servers} answers again")]
    private static partial void LogBack(ILogger logger, string servers);
}
