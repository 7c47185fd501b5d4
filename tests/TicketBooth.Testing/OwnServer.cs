namespace TicketBooth.Testing;

/// <summary>
/// A server that is this test's own, and may be stopped while other tests go on with the shared ones (<see cref="TestServers"/>).
/// Disposing ends it. Where none can be had the test is ignored, with the reason.
/// </summary>
public sealed class OwnServer : IAsyncDisposable
{
    private readonly FoundServer server;

    private OwnServer(FoundServer server) => this.server = server;

    public string ConnectionString => server.ConnectionString;

    public static async Task<OwnServer> StartAsync(TestServer server) => new(await FoundServer.StartOwnAsync(server));

    /// <summary>
    /// Makes it unreachable until the result is disposed, which brings it back at the same address: Redis empty, the others with their
    /// data.
    /// </summary>
    public async Task<IAsyncDisposable> StopAsync()
    {
        await server.StopAsync();
        return new Outage(server.StartAsync);
    }

    /// <summary>Stops its process where it stands, until the result is disposed: it takes connections and answers nothing.</summary>
    public async Task<IAsyncDisposable> FreezeAsync()
    {
        await server.FreezeAsync();
        return new Outage(server.ThawAsync);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private sealed class Outage(Func<Task> end) : IAsyncDisposable
    {
        private bool over;

        public async ValueTask DisposeAsync()
        {
            if (!over)
            {
                over = true;
                await end();
            }
        }
    }
}
