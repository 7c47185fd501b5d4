using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Redis;

/// <summary>
/// The Redis server of <c>ConnectionStrings:Redis</c>, shared by all hosts. Redis makes things faster and stores nothing that must not be
/// lost, so nothing fails because of it: a query has a short timeout, and during an outage it returns "not answered" at once.
/// </summary>
/// <remarks>
/// After a failure no query is sent for two seconds. Then one query tries, and its success lets all others through again. The driver
/// restores the connection itself.
/// </remarks>
public sealed partial class RedisLink : IAsyncDisposable
{
    public const string Setting = "ConnectionStrings:Redis";
    public const string MeterName = "TicketBooth.Redis";
    public const string FailuresName = "ticketbooth.redis.failures";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

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
                "Queries that Redis did not answer in time. Queries that were not sent during an outage are not counted."
            );

        // The driver adds its prefix neither to keys nor to what scripts publish, so we add it ourselves, everywhere.
        Prefix = (string?)options.ChannelPrefix is { Length: > 0 } prefix ? prefix : "ticketbooth:";
        options.ChannelPrefix = default;
        options.ClientName = "ticketbooth";
        options.ConnectTimeout = 5_000;

        // The driver may miss that the password was refused, and then waits for its timeout. A second attempt would outlast our own
        // timeout, and the reason would be lost.
        options.ConnectRetry = 1;
        options.AbortOnConnectFail = true;

        // Without a connection a query fails at once instead of waiting in a queue.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.KeepAlive = 5;
    }

    /// <summary>The prefix of every key and channel: <c>channelPrefix</c> of the connection string, else <c>ticketbooth:</c>.</summary>
    public string Prefix { get; }

    /// <summary>False from a failure until a query is answered again.</summary>
    public bool IsUp => connection is not null && !isDown;

    /// <summary>Whether Redis is configured.</summary>
    public static bool IsOn(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration.GetConnectionString("Redis"));

    /// <summary>Connects; fails with <see cref="StorageException"/> within 10 seconds when the server cannot be used.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(StartTimeout, cancellationToken);
            await connection.GetDatabase().PingAsync().WaitAsync(StartTimeout, cancellationToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new StorageException(
                $"{Setting}: {servers}: {(IsRefusal(failure) ? "the server refuses the user name or password" : "no server answers")}.",
                failure
            );
        }
    }

    /// <summary>
    /// Sends a query; not answered when Redis is down or slower than <paramref name="timeout"/>. Never throws because of Redis.
    /// </summary>
    public async ValueTask<(bool IsAnswered, T? Answer)> TryAsync<TState, T>(
        TState state,
        Func<IDatabase, TState, Task<T>> ask,
        TimeSpan timeout
    )
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (connection is not { } open)
        {
            return default;
        }

        var isTrial = isDown;
        if (isTrial && (clock.GetElapsedTime(Interlocked.Read(ref failedAt)) < RetryPause || Interlocked.Exchange(ref trying, 1) == 1))
        {
            return default;
        }

        try
        {
            var answer = await ask(open.GetDatabase(), state).WaitAsync(timeout);
            if (isTrial)
            {
                isDown = false;
                LogUp(logger, servers);
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
                LogDown(logger, servers, failure.Message);
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

    /// <summary>
    /// Receives the messages of a channel in the order in which they were sent, one at a time, for as long as this object lives.
    /// </summary>
    /// <remarks>Messages are lost while the connection is. A sender that numbers them lets its receivers notice.</remarks>
    public async Task FollowAsync(string channel, Action<string> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        var open = connection ?? throw new InvalidOperationException("OpenAsync must come first.");
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

    /// <remarks>The parser's message quotes what it could not read, which may be a part of a password that contains a comma.</remarks>
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

    [LoggerMessage(
        EventId = 1300,
        Level = LogLevel.Warning,
        Message = "Redis at {Servers} does not answer ({Reason}); this host continues without it"
    )]
    private static partial void LogDown(ILogger logger, string servers, string reason);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Redis at {Servers} answers again")]
    private static partial void LogUp(ILogger logger, string servers);
}
