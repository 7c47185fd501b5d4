using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

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

    /// <summary>The same folder as <c>audit</c> opens it.</summary>
    public EmbeddedStorage OpenReadOnly() => Open(readOnly: true);

    private EmbeddedStorage Open(bool readOnly = false) => new(Options.Create(new StorageOptions { Path = folder, ReadOnly = readOnly }), new HostingEnvironment { ContentRootPath = folder });
}
