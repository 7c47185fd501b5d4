using System.Data.Common;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Accounts.Keys;

/// <summary>
/// Data protection's keys: where they are, and their upgrade at the start. They protect cookies, and what else of this module must not lie
/// in the clear (<see cref="StoredSecrets"/>).
/// </summary>
internal sealed partial class KeyRing(
    [FromKeyedServices(AccountsDbContext.Module)] RelationalStorage storage,
    IServiceProvider services,
    IOptions<KeyOptions> options,
    ILoggerFactory loggers
)
{
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    private readonly ILogger logger = loggers.CreateLogger<KeyRing>();

    /// <summary>Null when the keys are in the database.</summary>
    private readonly Lazy<KeyFolder>? folder = FolderOf(storage, services, options.Value) is { } path
        ? new(() => new KeyFolder(path, loggers))
        : null;

    public void Configure(KeyManagementOptions management) =>
        management.XmlRepository = folder is null ? new KeyTable(storage) : new CreatedWhenUsed(folder);

    /// <summary>
    /// Moves and encrypts keys that an earlier release, or other settings, left elsewhere or in the clear; then creates the first key while
    /// the start has the database to itself. Otherwise the first cookie would create it: each of several hosts would have its own, and
    /// learn of the others' a day later.
    /// </summary>
    public async Task PrepareAsync(DbConnection connection, IKeyManager manager, CancellationToken cancellationToken)
    {
        var management = services.GetRequiredService<IOptions<KeyManagementOptions>>().Value;
        var stored = await connection.ListAsync(
            "SELECT Id, Xml FROM CookieKeys",
            row => (Id: row.GetString(0), Key: XElement.Parse(row.GetString(1))),
            cancellationToken
        );
        foreach (var (id, key) in stored)
        {
            var prepared = management.XmlEncryptor is { } encryptor ? KeyCertificate.Encrypt(key, encryptor) : key;
            if (folder is not null)
            {
                folder.Value.StoreElement(prepared, id);
                await connection.RunAsync("DELETE FROM CookieKeys WHERE Id = @id", cancellationToken, ("@id", id));
            }
            else if (!XNode.DeepEquals(prepared, key))
            {
                await connection.RunAsync(
                    "UPDATE CookieKeys SET Xml = @xml WHERE Id = @id",
                    cancellationToken,
                    ("@xml", prepared.ToString(SaveOptions.DisableFormatting)),
                    ("@id", id)
                );
            }
        }

        if (folder is not null && management.XmlEncryptor is { } certificate)
        {
            folder.Value.EncryptAll(certificate);
        }

        if (manager.GetAllKeys().Count == 0)
        {
            await RefuseLostKeysAsync(connection, cancellationToken);

            // Data protection reads the system's clock only.
            var now = TimeProvider.System.GetUtcNow();
            manager.CreateNewKey(now, now + KeyLifetime);
        }

        if (folder is null && management.XmlEncryptor is null)
        {
            LogClear(logger);
        }
    }

    private static string? FolderOf(RelationalStorage storage, IServiceProvider services, KeyOptions options) =>
        options.Folder is { Length: > 0 } named ? Path.GetFullPath(named, services.GetRequiredService<IHostEnvironment>().ContentRootPath)
        : storage.IsEmbedded ? Path.Combine(services.GetRequiredService<EmbeddedStorage>().Folder, "keys")
        : null;

    /// <summary>
    /// Before a new key is made: with it the host would start, and only later fail on everything that the lost keys protect.
    /// </summary>
    private static async Task RefuseLostKeysAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var keys = await connection.ListAsync("SELECT PrivateKey FROM SigningKeys", row => row.GetFieldValue<byte[]>(0), cancellationToken);
        if (keys.Any(StoredSecrets.IsProtected))
        {
            throw StoredSecrets.Lost();
        }
    }

    /// <summary>The options are made before the start has checked the settings, and a start that fails creates no folder.</summary>
    private sealed class CreatedWhenUsed(Lazy<KeyFolder> folder) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => folder.Value.GetAllElements();

        public void StoreElement(XElement element, string friendlyName) => folder.Value.StoreElement(element, friendlyName);
    }

    [LoggerMessage(
        EventId = 2030,
        Level = LogLevel.Warning,
        Message = "The keys of cookies, access tokens and second factors lie in the clear in the database"
    )]
    private static partial void LogClear(ILogger logger);
}
