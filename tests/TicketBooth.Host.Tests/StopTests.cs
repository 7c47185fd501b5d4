using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Host.Stopping;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>A client that never ends its request does not keep the host from stopping.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StopTests
{
    private const string Head = "POST /api/v1/accounts/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n";

    [TestCase(Head + "\r\n{\"email\":")]
    [TestCase(Head)]
    public async Task An_unfinished_request_is_cut_five_seconds_after_the_stop_began(string beginning)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await TestHost.StartAsync(
            clock, services: services => services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan));
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning));
        var connections = host.App.Services.GetRequiredService<ConnectionsAtStop>();
        await Eventually.Async(() => Task.FromResult(connections.Count), count => count > 0, "the connection");

        var stop = host.App.StopAsync();
        await Eventually.Async(
            () =>
            {
                clock.Advance(ConnectionsAtStop.Patience);
                return Task.FromResult(stop.IsCompleted);
            },
            isOver => isOver,
            "the end of the stop");
        await stop;
    }
}
