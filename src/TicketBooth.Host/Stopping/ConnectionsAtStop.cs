using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TicketBooth.Host.Stopping;

/// <summary>
/// Ends the connections that are still open some seconds after the stop began. The web server waits for every request that has begun, also
/// for one whose body or headers never end, and orchestrators kill after ten seconds.
/// </summary>
internal sealed class ConnectionsAtStop(IHostApplicationLifetime lifetime, TimeProvider clock) : BackgroundService
{
    /// <summary>How long requests that have begun may take once the host stops.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ConnectionContext, byte> open = new();

    /// <summary>How many connections are open.</summary>
    public int Count => open.Count;

    /// <summary>Lets this service know of the connections of every address.</summary>
    public void Follow(KestrelServerOptions kestrel) =>
        kestrel.ConfigureEndpointDefaults(address =>
            address.Use(next =>
                async connection =>
                {
                    open.TryAdd(connection, 0);
                    try
                    {
                        await next(connection);
                    }
                    finally
                    {
                        open.TryRemove(connection, out _);
                    }
                }
            )
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, lifetime.ApplicationStopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The web server stops before this service does; by then every connection has ended.
        await Task.Delay(Patience, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var connection in open.Keys)
        {
            connection.Abort(new ConnectionAbortedException("The host stops."));
        }
    }
}
