using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>A folder of a test's own that can be opened and closed like a host would.</summary>
internal sealed class StorageFolder : IDisposable
{
    private string? path;
    private EmbeddedStorage? storage;

    /// <summary>Where it is; only while it exists.</summary>
    public string Path => path!;

    public EmbeddedStorage Open()
    {
        path ??= BookingBench.NewFolder();
        return storage ??= new EmbeddedStorage(Options.Create(new StorageOptions { Path = path }), new TestEnvironment());
    }

    public async Task CloseAsync()
    {
        if (storage is not null)
        {
            await storage.DisposeAsync();
            storage = null;
        }
    }

    /// <summary>Deletes the folder; what is in it must be closed. The next opening is of an empty one.</summary>
    public void Dispose()
    {
        if (path is not null)
        {
            Directory.Delete(path, recursive: true);
            path = null;
        }
    }
}

internal sealed class TestEnvironment : IHostEnvironment
{
    public string EnvironmentName { get; set; } = "Test";

    public string ApplicationName { get; set; } = "TicketBooth.Booking.Tests";

    public string ContentRootPath { get; set; } = Path.GetTempPath();

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
