using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>A storage folder of a test's own.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ticketbooth-events-").FullName;

    public TestStorage() => Storage = Open();

    public EmbeddedStorage Storage { get; private set; }

    public async Task ReopenAsync()
    {
        await Storage.DisposeAsync();
        Storage = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private EmbeddedStorage Open() => new(Options.Create(new StorageOptions { Path = folder }), new HostingEnvironment { ContentRootPath = folder });
}
