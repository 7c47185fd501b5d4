using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests;

/// <summary>Embedded storage over a folder, as the host would make it.</summary>
internal static class TestStorage
{
    /// <summary>Owns the folder from the start, as a host does that keeps something in it.</summary>
    public static EmbeddedStorage Open(string folder, bool readOnly = false)
    {
        var storage = Make(folder, readOnly);
        storage.FileOf("anything");
        return storage;
    }

    public static EmbeddedStorage Make(string folder, bool readOnly = false) => new(
        Options.Create(new StorageOptions { Path = folder, ReadOnly = readOnly }), new HostingEnvironment { ContentRootPath = Path.GetTempPath() });
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
