using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TicketBooth.Testing;

/// <summary>Stands between a host and a server, so that a test can take the server away from that host, and give it back.</summary>
public sealed class TestProxy : IAsyncDisposable
{
    private readonly string server;
    private readonly int serverPort;
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private readonly Lock turn = new();
    private volatile TaskCompletionSource flowing = Opened();
    private long delayTicks;
    private TcpListener? listener;

    /// <summary>Passes everything on from the start.</summary>
    public TestProxy(string server, int serverPort)
    {
        (this.server, this.serverPort) = (server, serverPort);
        listener = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Of 127.0.0.1; stays the same.</summary>
    public int Port { get; }

    /// <summary>Ends every connection and refuses new ones, as a server that has stopped does.</summary>
    public void Cut()
    {
        lock (turn)
        {
            listener?.Dispose();
            listener = null;
        }

        foreach (var socket in open.Keys)
        {
            socket.Dispose();
        }
    }

    /// <summary>Keeps and takes connections, but passes nothing on, as a server that hangs does.</summary>
    public void Hush()
    {
        lock (turn)
        {
            if (flowing.Task.IsCompleted)
            {
                flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Passes everything on this much later, as a server that is slow does.</summary>
    public void Slow(TimeSpan delay) => Interlocked.Exchange(ref delayTicks, delay.Ticks);

    /// <summary>Takes connections again and passes everything on at once.</summary>
    public void Restore()
    {
        Slow(TimeSpan.Zero);
        lock (turn)
        {
            listener ??= Listen(Port);
            flowing.TrySetResult();
        }
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        flowing.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private TcpListener Listen(int port)
    {
        var started = new TcpListener(IPAddress.Loopback, port);
        started.Start();
        _ = AcceptAsync(started);
        return started;
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await from.AcceptSocketAsync());
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var connection = client;
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp);
        open.TryAdd(client, true);
        open.TryAdd(upstream, true);
        try
        {
            await upstream.ConnectAsync(server, serverPort);
            await Task.WhenAny(PumpAsync(client, upstream), PumpAsync(upstream, client));
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Cut, or the server itself is away.
        }
        finally
        {
            open.TryRemove(client, out _);
            open.TryRemove(upstream, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (Interlocked.Read(ref delayTicks) is > 0 and var delay)
                {
                    await Task.Delay(TimeSpan.FromTicks(delay));
                }

                await flowing.Task;
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The other half ends with this one.
        }
    }
}
