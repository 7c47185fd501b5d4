using Microsoft.Extensions.Configuration;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Our backups are of the embedded files. What a server stores or delivers is backed up by its own tools.</summary>
public static class EmbeddedOnly
{
    // Brokers too: what they delivered since a backup is not delivered again.
    private static readonly string[] Servers = ["MongoDb", "MySql", "Kafka"];

    /// <exception cref="StorageException">Names the server that is switched on.</exception>
    public static void Expect(IConfiguration configuration)
    {
        if (ServerOf(configuration) is { } server)
        {
            throw new StorageException(ProblemWith(server));
        }
    }

    /// <summary>The setting of a server that is switched on; null with embedded files alone.</summary>
    internal static string? ServerOf(IConfiguration configuration) =>
        Servers.FirstOrDefault(server => !string.IsNullOrWhiteSpace(configuration.GetConnectionString(server)));

    internal static string ProblemWith(string server) =>
        $"ConnectionStrings:{server} is set, and a backup is of the embedded files alone. Back the servers up with their own tools: "
        + "docs/operations.md, 'Backup and restore with servers', has the commands in their order.";
}
